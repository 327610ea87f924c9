import Experiments
import Testing

@Suite struct CSVTextTests {
  @Test(
    arguments: [
      ("plain", "plain"), ("", ""), ("a b", "a b"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""),
      ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""), ("é;", "é;"),
    ])
  func fieldsAreQuotedWhereTheyMust(text: String, field: String) {
    #expect(CSVText.field(text) == field)
    if !text.isEmpty { #expect(CSVText.records(field)?.map(\.fields) == [[text]]) }
  }

  @Test func fieldsComeBack() {
    let fields = ["", "a,b", "\"\"", "x", "", "end,\""]
    let line = fields.map(CSVText.field).joined(separator: ",")
    #expect(CSVText.records(line)?.map(\.fields) == [fields])
    #expect(CSVText.records(",")?.map(\.fields) == [["", ""]])
  }

  @Test(arguments: ["\"", "a,\"b", "a,\"b\"\""])
  func aQuotationThatIsNotClosedIsRefused(line: String) {
    #expect(CSVText.records(line) == nil)
  }
}
