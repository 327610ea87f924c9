import Runs
import Testing

@Suite struct CSVTextTests {
  @Test(
    arguments: [
      ("plain", "plain"), ("", ""), ("a b", "a b"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""),
      ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""), ("é;", "é;"),
    ])
  func fieldsAreQuotedWhereTheyMust(text: String, field: String) throws {
    #expect(CSVText.field(text) == field)
    #expect(try CSVText.records("\(field),").map(\.fields) == [[text, ""]])
  }

  @Test func fieldsComeBack() throws {
    let fields = ["", "a,b", "\"\"", "x", "", "end,\""]
    let line = fields.map(CSVText.field).joined(separator: ",")
    #expect(try CSVText.records(line).map(\.fields) == [fields])
    #expect(try CSVText.records("").count == 0)
    #expect(try CSVText.records(",").map(\.fields) == [["", ""]])
  }

  @Test func recordsKnowTheirLines() throws {
    let records = try CSVText.records("a,b\r\n\"two\nlines\",c\nd\n")
    #expect(records.map(\.line) == [1, 2, 4])
    #expect(records.map(\.fields) == [["a", "b"], ["two\nlines", "c"], ["d"]])
  }

  @Test(arguments: ["\"", "a,\"b", "a,\"b\"\"", "\"a\"b"])
  func aQuotationThatIsNotClosedIsRefused(line: String) throws {
    #expect(throws: CSVText.BrokenQuote.self) { try CSVText.records(line) }
  }
}
