"""``inglenook tls``: a self-signed certificate, for ``wss`` in a house without a domain of its own."""

import datetime
import ipaddress
import os
import socket
from pathlib import Path
from typing import Any, Final

import click

from inglenook.cli import CONFIG_OPTION
from inglenook.clock import Clock
from inglenook.extras import TLS, install_command

CERTIFICATE: Final = "tls/certificate.pem"
KEY: Final = "tls/key.pem"


@click.command("tls")
@CONFIG_OPTION
@click.option("--host", "hosts", multiple=True, help="A name or address it is valid for; may be repeated.")
@click.option("--days", default=3650, show_default=True, type=click.IntRange(1, 36500), help="How long it is valid.")
@click.option("--force", is_flag=True, help="Replace a certificate that is there.")
def command(config: Path, hosts: tuple[str, ...], days: int, force: bool) -> None:
    """Make a self-signed certificate and its key in the configuration folder."""
    folder = config.parent if config.suffix in (".yaml", ".yml") else config
    certificate, key = folder / CERTIFICATE, folder / KEY
    if certificate.exists() and not force:
        raise click.ClickException(f"{certificate} is there already; --force replaces it (devices must trust it anew)")
    names = hosts or ("localhost", "127.0.0.1", socket.gethostname())
    certificate_pem, key_pem, fingerprint = make_certificate(names, days)
    key.parent.mkdir(parents=True, exist_ok=True)
    _write_private(key, key_pem)
    certificate.write_bytes(certificate_pem)
    click.echo(f"Wrote {certificate} and {key}, valid for {', '.join(names)} and {days} days.")
    click.echo(f"SHA-256 fingerprint: {fingerprint}")
    click.echo(f"Use it with:\n\nhttp:\n  tls:\n    certificate: {CERTIFICATE}\n    key: {KEY}")


def make_certificate(hosts: tuple[str, ...], days: int) -> tuple[bytes, bytes, str]:
    """Return a self-signed certificate and its key as PEM, and the certificate's SHA-256 fingerprint.

    Args:
        hosts: names and addresses it is valid for; not empty.
        days: how long, from now.
    """
    try:
        from cryptography import x509  # noqa: PLC0415 - an extra, and only here
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise click.ClickException(f"this needs cryptography; mend it with: {install_command(TLS)}") from error
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "inglenook")])
    now = Clock().utc()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # a device's clock may be a little behind
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_general_name(x509, host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem), key, certificate.fingerprint(hashes.SHA256()).hex(":")


def _general_name(x509: Any, host: str) -> Any:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_private(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
