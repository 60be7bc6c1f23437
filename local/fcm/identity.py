"""What proves who is who: a certificate authority and server certificate made at start, and a service account with its key."""

import datetime
import ipaddress
import json
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_FILE, CERTIFICATE_FILE, KEY_FILE, ACCOUNT_FILE = "ca.pem", "server.pem", "server.key", "service_account.json"
VALID_FOR = datetime.timedelta(days=30)


def write(folder: Path, *, url: str, project_id: str) -> None:
    """Writes the four files above; nothing in them outlives the folder or is trusted by anybody else."""
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    server = _server(server_key, authority, authority_key)
    (folder / CA_FILE).write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / CERTIFICATE_FILE).write_bytes(server.public_bytes(serialization.Encoding.PEM))
    _write_secret(folder / KEY_FILE, _pem(server_key))
    _write_secret(folder / ACCOUNT_FILE, json.dumps(account(url, project_id)).encode())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    # An hour back: clocks of containers and hosts differ.
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    usage = x509.KeyUsage(False, False, False, False, False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    builder = _builder("Regulars local FCM authority", key).issuer_name(_name("Regulars local FCM authority"))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def _server(key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = _builder("localhost", key).issuer_name(issuer.subject).add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.add_extension(authority, critical=False).sign(issuer_key, hashes.SHA256())


def account(url: str, project_id: str) -> dict[str, Any]:
    """A service account key as Google Cloud hands it out, with the double's own token endpoint."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {
        "type": "service_account",
        "project_id": project_id,
        "private_key_id": "local",
        "private_key": _pem(key).decode(),
        "client_email": f"sender@{project_id}.iam.gserviceaccount.com",
        "client_id": "100000000000000000001",
        "auth_uri": f"{url}/auth",
        "token_uri": f"{url}/token",
        "universe_domain": "googleapis.com",
    }


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    encoding, layout = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, layout, serialization.NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
