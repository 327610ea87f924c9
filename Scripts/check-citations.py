#!/usr/bin/env python3
"""Checks every citation of the paper's equations, tables, figures, sections and algorithms against Scripts/paper.tsv.

    Scripts/check-citations.py            (part of: make lint)
    Scripts/check-citations.py --list     shows what is taken for a citation, and of which work

A number that the paper does not have is an error, and so is one without a word near it that the list asks for. Citations of
other works are told by a title, a year or "et al." before them in the same sentence, and passed over.
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATTERNS = ["Sources/**/*.swift", "Sources/**/*.h", "Sources/**/*.c", "Sources/**/*.cpp", "Tests/**/*.swift", "Documentation/*.md",
            "*.md", "Recipes/**/*.yaml", "Python/**/*.py"]

KINDS = {"equation": "equation", "eq": "equation", "table": "table", "figure": "figure", "fig": "figure", "section": "section",
         "appendix": "appendix", "appendice": "appendix", "algorithm": "algorithm"}
NUMBER = r"(?:\d+(?:\.\d+)*|[A-G](?:\.\d+)*)"
CITATION = re.compile(
    rf"\b(?i:(equation|eq|table|figure|fig|section|appendix|appendice|algorithm))s?\b\.?\s+"
    rf"((?:{NUMBER}, )*{NUMBER} and {NUMBER}|{NUMBER} to {NUMBER}|{NUMBER})(?![\w%])")
PAPER = re.compile(
    r"Chadebec and Allassonni[eè]re(?:, \"A Geometric Perspective[^\"]*\")?(?:,? NeurIPS 2022)?|\b[Pp]aper\b")
OTHER = re.compile(r"\"[A-Z][^\"]{12,}\"|\bet al\.|\band others\b|(?<=[\w,.] )(?:19|20)\d\d\b|\bDICOM\b|\bFIPS\b")
AFTER = re.compile(r"\s+(?:of|in) [A-Z]\w+(?: et al|,? and [A-Z]|, [12]\d\d\d)")
SENTENCE = re.compile(r"(?<!\bal)(?<!\bEqs)(?<!\bEq)[.!?]\)?\s+(?=[A-Z])")


def read_list():
    """The words of which one must stand near a citation, by what is cited, such as ("table", "4")."""
    entries = {}
    with open(os.path.join(ROOT, "Scripts", "paper.tsv"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            name, _, words = line.rstrip("\n").split("\t")
            entries[tuple(name.split())] = re.compile(words, re.IGNORECASE)
    return entries


def paragraphs(path, text):
    """Pieces of a text that are read as one: (line, text, what stands around it)."""
    lines = text.split("\n")
    comment = {".md": r"(?!\|)\s*\S", ".yaml": r"\s*#", ".py": r"\s*\S"}.get(os.path.splitext(path)[1], r"\s*//")
    start = 0
    while start < len(lines):
        end = start + 1
        if re.match(comment, lines[start]):
            while end < len(lines) and re.match(comment, lines[end]):
                end += 1
        elif not path.endswith(".md"):
            # A comment behind code goes on below it; a text goes on with "+".
            more = r"\s+#" if path.endswith(".yaml") else r"\s*\+? ?\""
            while end < len(lines) and re.match(more, lines[end]):
                end += 1
        piece = " ".join(re.sub(r"^\s*(///?|#)\s?", "", line).strip() for line in lines[start:end])
        yield start + 1, piece, " ".join([path] + lines[max(0, start - 3):end + 12])
        start = end


def numbers(text):
    """"1, 3 and 5 to 7" as single numbers."""
    found = re.findall(NUMBER, text)
    if " to " in text and all(number.isdigit() for number in found):
        return [str(number) for number in range(int(found[0]), int(found[1]) + 1)]
    return found


def citations(piece):
    """What a piece of text cites: (kind, number, whether it is the paper's)."""
    for sentence in SENTENCE.split(piece):
        for match in CITATION.finditer(sentence):
            before = sentence[:match.start()]
            own = [found.end() for found in PAPER.finditer(before)]
            spans = [found.span() for found in PAPER.finditer(before)]
            others = [found.start() for found in OTHER.finditer(before)
                      if not any(first <= found.start() < last for first, last in spans)]
            of_other = (others and (not own or max(others) > max(own))) or AFTER.match(sentence[match.end():])
            for number in numbers(match.group(2)):
                kind = KINDS[match.group(1).lower()]
                # Appendices are lettered, and everything else numbered.
                if number[0].isalpha() == (kind == "appendix"):
                    yield kind, number, not of_other


def problems(path, text, entries, listing=None):
    for line, piece, around in paragraphs(path, text):
        for kind, number, is_own in citations(piece):
            if listing is not None:
                listing.append(f"{path}:{line}: {kind} {number} of {'the paper' if is_own else 'another work'}")
            if not is_own:
                continue
            words = entries.get((kind, number))
            if words is None:
                yield f"{path}:{line}: the paper has no {kind} {number}"
            elif not words.search(piece) and not words.search(around):
                yield (f"{path}:{line}: {kind} {number} is cited without one of the words {words.pattern}; if the number is right, "
                       f"add a word to Scripts/paper.tsv")


def check_itself(entries):
    """Right and wrong citations of which the answer is known."""
    def count(path, text):
        return len(list(problems(path, text, entries)))

    right = ["/// The metric of the paper's equation 7.", "// The paper's Tables 1, 3, 6 and 7: every model.",
             "/// Source: Larsen et al., ICML 2016, Algorithm 9; balance a as in\n/// the paper's appendix G.",
             '  source: "Nadeau and Bengio 2003, section 40")', "// Table 5, 200 images: the classifier."]
    wrong = ["/// The metric of the paper's equation 21.", "/// The density of a volume (the paper, equation 8).",
             "// The paper's Tables 1 and 8: every model.", '  source: "paper, Appendix C.5: epochs")',
             "/// Source: Larsen et al., ICML 2016, Algorithm 1; the paper, section 7.", "// Algorithm 3 moves chains."]
    for text in right:
        assert count("a.swift", text) == 0, text
    for text in wrong:
        assert count("a.swift", text) == 1, text
    assert count("a.yaml", "epochs: 100   # Appendix D\nsteps: 3   # Algorithm 9\n") == 1


def main():
    entries = read_list()
    check_itself(entries)
    listing = [] if "--list" in sys.argv else None
    failures = []
    os.chdir(ROOT)
    paths = {path for pattern in PATTERNS for path in glob.glob(pattern, recursive=True)}
    for path in sorted(paths):
        with open(path, encoding="utf-8") as file:
            failures += problems(path, file.read(), entries, listing)
    print("\n".join(failures + (listing or [])), end="\n" if failures or listing else "")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
