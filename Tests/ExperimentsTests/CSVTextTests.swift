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
    #expect(CSVText.fields(field[...]) == [text])
  }

  @Test func fieldsComeBack() {
    let fields = ["", "a,b", "\"\"", "x", "", "end,\""]
    let line = fields.map(CSVText.field).joined(separator: ",")
    #expect(CSVText.fields(line[...]) == fields)
    #expect(CSVText.fields("") == [""])
    #expect(CSVText.fields(",") == ["", ""])
  }

  @Test(arguments: ["\"", "a,\"b", "a,\"b\"\""])
  func aQuotationThatIsNotClosedIsRefused(line: String) {
    #expect(CSVText.fields(line[...]) == nil)
  }
}
