#!/usr/bin/env python3
"""Draws the targets of Package.swift and what each builds on as Documentation/architecture.svg.

Run it after a change of Package.swift; a test compares the drawing with the file. An arrow that others imply is left out.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
BOX, GAP, ROW, MARGIN, WIDTH = 30, 10, 62, 14, 1160


def targets():
    """Floors from the bottom, each a dictionary from a target's name to the targets that it depends on."""
    text = (ROOT / "Package.swift").read_text()
    floors = []
    for line in text.split("targets: [", 1)[1].split(".testTarget", 1)[0].split("\n    // Floor ")[1:]:
        floor = {}
        for part in re.split(r"\.(?=target\(|executableTarget\(|systemLibrary\()", line)[1:]:
            name = re.search(r'name: "(\w+)"', part).group(1)
            names = re.search(r"\bdependencies: \[(.*?)\](?=[,)])", part, re.S)
            floor[name] = re.findall(r'(?<![:] )"(\w+)"', names.group(1)) if names else []
        floors.append(floor)
    known = {name for floor in floors for name in floor}
    return [{name: [d for d in needs if d in known] for name, needs in floor.items()} for floor in floors]


def reduced(floors):
    """Arrows that no chain of others implies."""
    needs = {name: set(of) for floor in floors for name, of in floor.items()}

    def reach(name):
        found = set()
        for other in needs[name]:
            found |= {other} | reach(other)
        return found

    return [(a, b) for a in needs for b in sorted(needs[a]) if not any(b in reach(c) for c in needs[a] if c != b)]


def width(name):
    return 7.4 * len(name) + 20


def draw():
    floors = targets()
    places, body = {}, []
    height = ROW * len(floors) + MARGIN
    for level, floor in enumerate(floors):
        total = sum(width(name) + GAP for name in floor) - GAP
        x, y = (WIDTH - total) / 2, height - ROW * (level + 1)
        for name in floor:
            places[name] = (x, y)
            x += width(name) + GAP
    for a, b in reduced(floors):
        (ax, ay), (bx, by) = places[a], places[b]
        body.append(
            f'<line data-from="{a}" data-to="{b}" x1="{ax + width(a) / 2:.1f}" y1="{ay + BOX:.1f}" '
            f'x2="{bx + width(b) / 2:.1f}" y2="{by:.1f}" stroke="#8a97a8" marker-end="url(#tip)"/>')
    for name, (x, y) in places.items():
        kind = "#e9eef5" if re.match(r"C[A-Z]|ConvolutionKernels", name) else "#d8ecd9"
        body.append(
            f'<rect data-room="{name}" x="{x:.1f}" y="{y:.1f}" width="{width(name):.1f}" height="{BOX}" rx="4" '
            f'fill="{kind}" stroke="#506070"/>'
            f'<text x="{x + width(name) / 2:.1f}" y="{y + 20:.1f}" text-anchor="middle">{name}</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="13" role="img" aria-label="The targets of Manikin and what each builds on">'
        '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto">'
        '<path d="M0,0 L7,3 L0,6 z" fill="#8a97a8"/></marker></defs>')
    background = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    (ROOT / "Documentation" / "architecture.svg").write_text("\n".join([head, background] + body + ["</svg>"]) + "\n")


if __name__ == "__main__":
    draw()
