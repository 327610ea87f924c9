import Recipes
import Testing

@Suite struct TextWrapTests {
  @Test func linesHoldWholeWords() {
    #expect(TextWrap.lines("a bc def", width: 4) == ["a bc", "def"])
    #expect(TextWrap.lines("abcdefgh a", width: 4) == ["abcdefgh", "a"])
    #expect(TextWrap.lines("", width: 4).isEmpty)
  }

  @Test func aNumberKeepsItsPercentSign() {
    #expect(TextWrap.lines("reach 83.4 % here", width: 10) == ["reach", "83.4 %", "here"])
    #expect(TextWrap.lines("(95 % interval", width: 5) == ["(95 %", "interval"])
    #expect(TextWrap.lines("% alone", width: 80) == ["% alone"])
  }
}
