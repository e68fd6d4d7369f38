"""What an IP address leads to: the internet, a network of one's own, or nothing one may ask.

The tables follow IANA's registries of special-purpose addresses (RFC 6890 and its updates), and
add the addresses at which clouds give their machines' secrets.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Address = IPv4Address | IPv6Address
Reach = Literal["public", "private", "never"]

_PRIVATE = [
    ip_network(network)
    for network in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
        "::1/128", "fc00::/7",
    )
]  # fmt: skip
_NEVER = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
_METADATA = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "fd00:ec2::254", "fd20:ce::254",
    )
)  # fmt: skip
_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def reach(address: Address) -> Reach:
    """``private`` is what a source may allow (loopback included), ``never`` what none may.

    An IPv4 address that an IPv6 one carries (mapped, NAT64) counts as itself; 6to4 and Teredo,
    which no site uses any more, lead nowhere.
    """
    if isinstance(address, IPv6Address) and (inner := _carried(address)) is not None:
        return reach(inner)
    if address in _METADATA or any(address in network for network in _NEVER):
        return "never"
    if any(address in network for network in _PRIVATE):
        return "private"
    if isinstance(address, IPv6Address) and address not in _GLOBAL:
        return "never"
    return "public"


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
