from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.networks import reach


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111",
     "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_these_are_of_the_internet(address: str) -> None:
    assert reach(ip_address(address)) == "public"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
     "100.64.0.1", "100.127.255.255", "::1", "fc00::1", "fd12::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::192.168.0.1"],
)  # fmt: skip
def test_these_are_of_ones_own_network(address: str) -> None:
    assert reach(ip_address(address)) == "private"


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "0.1.2.3", "169.254.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
     "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
     "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::127.0.0.1", "::2",
     "fe80::1", "fec0::1", "ff02::1", "fd00:ec2::254", "fd20:ce::254", "100::1", "2001::1",
     "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1",
     "64:ff9b:1::7f00:1", "::ffff:0.0.0.0", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
     "::ffff:0:127.0.0.1", "4000::1"],
)  # fmt: skip
def test_these_lead_nowhere_one_may_ask(address: str) -> None:
    assert reach(ip_address(address)) == "never"


@given(st.ip_addresses(v=4).map(lambda address: IPv4Address(int(address))))
def test_what_is_public_is_so_for_python_too_and_carried_addresses_count(
    address: IPv4Address,
) -> None:
    if reach(address) == "public":
        assert address.is_global and not address.is_multicast
    for network in ("::ffff:0:0", "64:ff9b::"):
        carrier = IPv6Address(int(IPv6Address(network)) | int(address))
        assert reach(carrier) == reach(address)


@given(st.ip_addresses(v=6).map(lambda address: IPv6Address(int(address))))
def test_no_ipv6_address_is_public_that_is_not_global(address: IPv6Address) -> None:
    if reach(address) == "public" and address.ipv4_mapped is None:
        assert address.is_global and not address.is_multicast
