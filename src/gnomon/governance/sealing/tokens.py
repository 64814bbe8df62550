"""Answers of a time-stamping authority, held against its certificates without any network."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gnomon.governance.sealing.asking import NotStamped


def certificates() -> list[Any]:
    """The certificates that GNOMON_STAMP_CA names: those of the authority's root, and what stands between."""
    from cryptography import x509

    path: Path | None = settings.STAMP_CA
    if path is None:
        raise NotStamped(_("No certificate of the authority is known. Name its file in GNOMON_STAMP_CA."))
    try:
        return list(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        says = _("%(file)s holds no certificates: %(error)s.") % {"file": path, "error": error}
        raise NotStamped(says) from None


def stamped_at(answer: bytes, content: bytes, *, nonce: int | None = None) -> tuple[datetime, str]:
    """When the authority stamped these bytes, and under which number; NotStamped when it did not."""
    client = _client()
    try:
        told = client.decode_timestamp_response(answer)
        builder = client.VerifierBuilder()
        for certificate in certificates():
            own = certificate.issuer == certificate.subject
            builder = (
                builder.add_root_certificate(certificate) if own else builder.add_intermediate_certificate(certificate)
            )
        if nonce is not None:
            builder = builder.nonce(nonce)
        builder.build().verify(told, hashlib.sha256(content).digest())
        return told.tst_info.gen_time, str(told.tst_info.serial_number)
    except NotStamped:
        raise
    except Exception as error:  # the library and its parser tell each fault with a type of its own
        why = str(error).rstrip(".") or type(error).__name__
        raise NotStamped(_("The answer of the authority does not hold: %(error)s.") % {"error": why}) from error


def request_for(content: bytes) -> tuple[bytes, int]:
    """The request for a stamp over these bytes, and the nonce that its answer must repeat."""
    asked = _client().TimestampRequestBuilder().data(content).hash_algorithm(_client().HashAlgorithm.SHA256).build()
    return asked.as_bytes(), asked.nonce


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise NotStamped(_("Stamps need the extra “stamps”: install gnomon[stamps].")) from None
    return rfc3161_client
