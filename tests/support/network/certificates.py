"""A certificate authority of our own, a server's certificate from it, and a home in which Chromium trusts it."""

import ipaddress
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
SIGNS_ONLY = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - DAY).not_valid_after(now + DAY)


def written(path: Path, text: bytes) -> Path:
    path.write_bytes(text)
    return path


def make_certificates(folder: Path, *addresses: str) -> tuple[Path, Path, Path]:
    """The authority's certificate, a server's certificate for these IP addresses, and that server's key."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = begun("tests", "tests", authority_key)
    authority = authority.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    authority = authority.add_extension(SIGNS_ONLY, critical=True)
    known_as = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = authority.add_extension(known_as, critical=False)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(each)) for each in addresses])
    server = begun("relay", "tests", key).add_extension(names, critical=False)
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known_as)  # Python 3.13 asks for it
    server = server.add_extension(signed_by, critical=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (
        written(folder / "ca.pem", authority.sign(authority_key, hashes.SHA256()).public_bytes(pem)),
        written(folder / "cert.pem", server.sign(authority_key, hashes.SHA256()).public_bytes(pem)),
        written(folder / "key.pem", private),
    )


def home_that_trusts(authority: Path, folder: Path) -> Path:
    """A HOME for a Chromium that trusts this authority beside the usual ones."""
    program = shutil.which("certutil")
    assert program, "This test needs certutil: apt-get install libnss3-tools."
    store = folder / "home" / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (("-N", "--empty-password"), ("-A", "-t", "C,,", "-n", "tests", "-i", str(authority))):
        subprocess.run((program, "-d", f"sql:{store}", *arguments), check=True, capture_output=True)
    return folder / "home"
