"""What goes wrong, in a sentence."""


class ManikinError(Exception):
    """Something that you can mend; the message says what, where and how."""


def missing(package: str, extra: str) -> ManikinError:
    return ManikinError(f"This needs the package {package}: pip install 'manikin[{extra}]', or {package} itself.")
