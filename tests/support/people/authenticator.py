"""A device that makes passkeys as WebAuthn says, and can be told to lie about each part of what it signs."""

import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost"
SITE = "localhost"
PRESENT, VERIFIED, NEW_KEY = 1, 4, 64


@dataclass
class Device:
    """One key on it, for one site."""

    origin: str = ORIGIN
    site: str = SITE
    verifies: bool = True
    count: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))

    def make(self, options: dict[str, Any]) -> str:
        """What the browser sends after a new key was made."""
        self.count += 1
        numbers = self.private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = token_bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(key)
        attested = {"fmt": "none", "attStmt": {}, "authData": self.data(NEW_KEY) + made}
        told = self.told("webauthn.create", options["challenge"])
        return self.answer(told, attestationObject=bytes_to_base64url(cbor2.dumps(attested)))

    def sign(self, options: dict[str, Any], *, count: int | None = None) -> str:
        """What the browser sends after the key has signed."""
        self.count = self.count + 1 if count is None else count
        told, data = self.told("webauthn.get", options["challenge"]), self.data(0)
        signature = self.private.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self.answer(told, **parts)

    def data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.count)

    def told(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def answer(self, told: bytes, **parts: str) -> str:
        name = bytes_to_base64url(self.credential_id)
        response = {"clientDataJSON": bytes_to_base64url(told), **parts}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
