"""What a password must be: long enough, not the account's name, and not one of those that everybody tries first.

No rule asks for capitals, digits or signs, and none makes a password end by itself (ASVS 4.0.3, 2.1).
"""

import unicodedata
from dataclasses import dataclass, field

from hotline.rules.refusals import InvalidInput


def normalised(password: str) -> str:
    """The same password however a keyboard writes it: full width and half width are one, spaces stay."""
    return unicodedata.normalize("NFKC", password)


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """Lengths in characters after `normalised`; `words` are denied, alone, one after another and with digits.

    `longest_run`: so many characters one after another, upwards or downwards, count as one.
    """

    shortest: int
    longest: int
    fewest_different: int
    longest_run: int
    words: frozenset[str] = field(repr=False)

    def check(self, password: str, username: str, pointer: str = "/password") -> None:
        """Refuses `InvalidInput` with what is wrong with it."""
        wrong = self._wrong(normalised(password), _plain(normalised(username)))
        if wrong:
            raise InvalidInput({pointer: wrong})

    def _wrong(self, password: str, username: str) -> str | None:
        plain = _plain(password)
        if len(password) < self.shortest:
            return f"密码至少{self.shortest}个字符"
        if len(password) > self.longest:
            return f"密码不能超过{self.longest}个字符"
        if username and (username in plain or username in _bare(password)):
            return "密码不能包含账号"
        if min(len(set(password)), len(_without_runs(plain, self.longest_run))) < self.fewest_different:
            return "密码过于简单，不能只是重复或连续的字符"
        if self._made_of_words(plain) or self._made_of_words(_bare(password)):
            return "密码太常见，容易被猜到，请换一个（例如几个不相关的词）"
        return None

    def _made_of_words(self, plain: str) -> bool:
        """True when nothing is left once the denied words and the digits are taken out, however they follow each other."""
        reached = {0}
        for end in range(1, len(plain) + 1):
            if any(
                plain[begin:end] in self.words or (begin == end - 1 and plain[begin].isdigit()) for begin in reached
            ):
                reached.add(end)
        return len(plain) in reached


def _bare(text: str) -> str:
    """Small letters and digits alone."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _plain(text: str) -> str:
    """The same, where @ counts as a and $ as s."""
    return _bare(text.replace("@", "a").replace("$", "s"))


def _without_runs(plain: str, longest: int) -> str:
    """What is left when a run such as 123456, fedcba or aaaaaa is written as its first character."""
    left, begin = "", 0
    while begin < len(plain):
        end = max(_end_of_run(plain, begin, step) for step in (-1, 0, 1))
        taken = end if end - begin >= longest else begin + 1
        left, begin = left + plain[begin], taken
    return left


def _end_of_run(plain: str, begin: int, step: int) -> int:
    end = begin + 1
    while end < len(plain) and ord(plain[end]) - ord(plain[end - 1]) == step:
        end += 1
    return end
