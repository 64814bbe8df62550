"""Which addresses outside may be called: none of this house, unless the administrator allows it."""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from urllib.parse import SplitResult

from django.conf import settings

from gnomon.integrations.webhooks.refusals import NotSent

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(parts: SplitResult, port: int, within: float) -> str:
    """The one address to connect to: looked up once, so that a name cannot change between look and call.

    NotSent when any address of the name is within this house and not allowed, or when http would leave the house.
    """
    found = _looked_up(parts.hostname or "", port, within)
    inside = [_is_allowed(address) for address in found]
    for address, allowed in zip(found, inside, strict=True):
        if not _is_public(address) and not allowed:
            raise NotSent(
                f"{parts.hostname} leads to {address}, which is inside this network. "
                "An administrator can allow it: GNOMON_WEBHOOKS_ALLOW."
            )
    if parts.scheme != "https" and not all(inside):
        raise NotSent("Plain http would show everybody what is sent. Use https.")
    return str(found[0])


def _looked_up(host: str, port: int, within: float) -> list[Address]:
    # The system's own look-up knows no time limit.
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        asked = pool.submit(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
        found = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in asked.result(within)]
    except (TimeoutError, OSError, ValueError, UnicodeError) as error:
        raise NotSent(f"The name {host} was not found: {error or 'no answer in time'}.") from None
    finally:
        pool.shutdown(wait=False)
    return found


def _is_public(address: Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return _is_public(mapped)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_allowed(address: Address) -> bool:
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in map(ipaddress.ip_network, settings.WEBHOOKS_ALLOW))
