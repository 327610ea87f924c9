#!/usr/bin/env python3
"""Builds the site of the documentation with DocC: the pages of Documentation and every public symbol, with a search.

    make docs                    (or: Scripts/make-docs.py [FOLDER], after a release build)

The site lies in .build/docs (or FOLDER) and is plain files: `python3 -m http.server --directory .build/docs` shows it at
http://localhost:8000/documentation/manikin. Any warning, such as a link that leads nowhere, is an error.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, ".build", "release")
PAGES = os.path.join(ROOT, "Documentation")


def libraries():
    """The Swift libraries of the package, from the highest floor down."""
    with open(os.path.join(ROOT, "Package.swift")) as file:
        names = re.findall(r'\.target\(\s*name: "(\w+)"', file.read())
    return [name for name in names if glob.glob(f"{ROOT}/Sources/{name}/**/*.swift", recursive=True)][::-1]


def extract_symbols(folder):
    """Writes the public symbols of every library, as the compiler knows them, to `folder`."""
    target = json.loads(subprocess.check_output(["swiftc", "-print-target-info"]))["target"]["triple"]
    maps = glob.glob(f"{BUILD}/*.build/module.modulemap") + glob.glob(f"{ROOT}/Sources/*/module.modulemap")
    maps += glob.glob(f"{ROOT}/Sources/*/include/module.modulemap")
    maps += glob.glob(f"{ROOT}/.build/checkouts/*/Sources/*/include/module.modulemap")
    known = {}
    for path in maps:
        with open(path) as file:
            known.setdefault(re.search(r"module (\w+)", file.read()).group(1), path)
    flags = [flag for path in known.values() for flag in ("-Xcc", f"-fmodule-map-file={path}")]
    for include in glob.glob(f"{ROOT}/Sources/*/include") + glob.glob(f"{ROOT}/.build/checkouts/*/Sources/*/include"):
        flags += ["-Xcc", f"-I{include}"]
    for library in libraries():
        subprocess.run(
            ["swift", "symbolgraph-extract", "-module-name", library, "-target", target, "-I", f"{BUILD}/Modules"]
            + flags + ["-minimum-access-level", "public", "-skip-inherited-docs", "-output-dir", folder], check=True)


def article(text, names):
    """A page as DocC wants it: links to other pages by their names, those to the rest of the repository as its paths."""
    def link(match):
        title, place = match.groups()
        path, _, heading = place.partition("#")
        name = os.path.basename(path).removesuffix(".md")
        if re.match(r"[a-z]+:", place) or path.endswith((".svg", ".png")):
            return f"[{title}]({place if ':' in place else os.path.basename(path)})"
        if path == "../README.md":
            return f"[{title}](doc:Manikin)"
        if name in names and path.endswith(".md"):
            if title.endswith(".md"):
                # The page's title instead of its file's name.
                return f"<doc:/Manikin/{name}{'#' + heading if heading else ''}>"
            return f"[{title}](doc:/Manikin/{name}{'#' + heading if heading else ''})"
        return f"{title} (`{path.removeprefix('../')}`)"

    return re.sub(r"(?<!\!)\[([^\]]*)\]\(([^)]*)\)", link, text)


def write_catalog(folder):
    """Writes the pages and the first page, which is the README, to `folder`."""
    names = {os.path.basename(path).removesuffix(".md") for path in glob.glob(f"{PAGES}/*.md")}
    for path in glob.glob(f"{PAGES}/*.md"):
        with open(path) as source, open(os.path.join(folder, os.path.basename(path)), "w") as target:
            target.write(article(source.read(), names))
    for path in glob.glob(f"{PAGES}/*.svg") + glob.glob(f"{PAGES}/*.png"):
        shutil.copy(path, folder)
    with open(os.path.join(ROOT, "README.md")) as file:
        readme = file.read().replace("](Documentation/", "](")
    title, _, rest = article(readme, names).partition("\n")
    # In the order in which the README speaks of them.
    order = sorted(names, key=lambda name: (readme.find(f"]({name}.md") + 1 or len(readme), name))
    with open(os.path.join(folder, "Manikin.md"), "w") as file:
        links = "\n".join(f"- <doc:/Manikin/{name}>" for name in order)
        modules = "\n".join(f"- ``/{name}``" for name in libraries())
        file.write(f"{title}\n\n@Metadata {{\n  @TechnologyRoot\n}}\n{rest}\n"
                   f"## Topics\n\n### Pages\n\n{links}\n\n### Rooms of the code\n\n{modules}\n")


def main():
    site = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, ".build", "docs")
    if not os.path.isdir(f"{BUILD}/Modules"):
        sys.exit("there is no release build to read symbols from: make build")
    with tempfile.TemporaryDirectory() as work:
        symbols, catalog = os.path.join(work, "symbols"), os.path.join(work, "Manikin.docc")
        os.mkdir(symbols), os.mkdir(catalog)
        extract_symbols(symbols)
        write_catalog(catalog)
        made = os.path.join(work, "site")
        subprocess.run(
            ["docc", "convert", catalog, "--additional-symbol-graph-dir", symbols, "--output-path", made,
             "--fallback-display-name", "Manikin", "--fallback-bundle-identifier", "manikin", "--warnings-as-errors"],
            check=True)
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(made, site)
    print(f"The site is in {os.path.relpath(site)}: python3 -m http.server --directory {os.path.relpath(site)}")


if __name__ == "__main__":
    main()
