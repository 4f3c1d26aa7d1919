"""Keys: what is sealed, hashed with a key, or made at random. One home for every use of the two secrets."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadData, URLSafeSerializer

from hotline.rules.accounts.passwords import normalised
from hotline.rules.tickets.ticket_number import QUERY_CODE_ALPHABET, new_query_code, normalise_query_code

CIPHER = "AES-256-GCM"
KEY_VERSION = 1
PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"
_passwords = PasswordHasher()


def hash_password(password: str) -> str:
    """Argon2id of the password in its one form."""
    return _passwords.hash(normalised(password))


def password_fits(password_hash: str, password: str) -> bool:
    """True when the password is the one that was hashed."""
    try:
        return _passwords.verify(password_hash, normalised(password))
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """A first password to be read aloud and typed once (79 bits), without letters and digits that look alike."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(4))


def hash_secret(secret: str) -> str:
    """What is kept of a token: it has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_recovery_code() -> str:
    """Twelve characters in three groups (59 bits), for the day the telephone is lost."""
    return "-".join("".join(secrets.choice(QUERY_CODE_ALPHABET) for _ in range(4)) for _ in range(3))


def make_query_code() -> str:
    return new_query_code(secrets.choice)


@dataclass(frozen=True)
class Keys:
    """Derived from the environment's two secrets; each use has its own key."""

    secret_key: str
    data_key: str
    _sealing: AESGCM = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sealing", AESGCM(hashlib.sha256(b"seal:" + self.data_key.encode()).digest()))

    def seal(self, text: str) -> bytes:
        """AES-256-GCM with a fresh nonce in front."""
        nonce = os.urandom(12)
        return nonce + self._sealing.encrypt(nonce, text.encode(), CIPHER.encode())

    def open(self, sealed: bytes) -> str:
        return self._sealing.decrypt(sealed[:12], sealed[12:], CIPHER.encode()).decode()

    def digest(self, purpose: str, text: str) -> str:
        """A keyed hash: the same text always gives the same digest, and nobody without the key can try texts."""
        return hmac.new(self.data_key.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def sign(self, purpose: str, data: list[Any]) -> str:
        """A token that carries `data` and that nobody else can make; it can be read, so it holds nothing secret."""
        return self._signer(purpose).dumps(data)

    def read(self, purpose: str, token: str) -> list[Any] | None:
        """What was signed for this purpose, or None."""
        try:
            data = self._signer(purpose).loads(token)
        except BadData:
            return None
        return data if isinstance(data, list) else None

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})

    def derived_query_code(self, purpose: str, text: str) -> str:
        """Always the same code for the same text: what was answered once can be answered again."""
        stream = iter(bytes.fromhex(self.digest(f"{purpose}-query-code", text)))
        return new_query_code(lambda letters: letters[next(stream) % len(letters)])

    def query_code_hash(self, number: str, code: str) -> str:
        return self.digest("query-code", f"{number}:{normalise_query_code(code)}")

    def recovery_code_hash(self, staff_id: int, code: str) -> str:
        return self.digest("recovery-code", f"{staff_id}:{normalise_query_code(code)}")

    def same(self, one: str, other: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(one, other)
