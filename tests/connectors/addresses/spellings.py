"""Ways to write an address that a node must not connect to.

Each is a URL as a partner or an attacker may write it. `{port}` stands for that of a server which
listens on loopback, so that one that got through would reach something. Names ending in `.example`
are answered by the resolver of the tests (`NAMES`), the second time otherwise than the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_LOOPBACK_4 = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",  # decimal
    "0x7f000001",  # hexadecimal
    "0X7F.0.0.1",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "017700000001",  # octal
    "0177.0.0.1",
    "0177.0.0.01",
    "00000177.0.0.1",
    "0177.0x0.1",
    "4294967295",  # broadcast
    "0",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0x0",
)
_PRIVATE_4 = (
    "10.0.0.1",
    "10.1",
    "012.1.2.3",
    "0x0a000001",
    "167772161",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "0xC0A80001",
    "192.168.257",
    "100.64.0.1",
    "169.254.169.254",  # where clouds keep credentials
    "2852039166",
    "0xA9FEA9FE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
)
_LOOPBACK_6 = (
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::]",
    "[::ffff:127.0.0.1]",  # mapped
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",  # compatible
    "[::7f00:1]",
    "[::ffff:0:127.0.0.1]",  # translated (SIIT)
    "[2002:7f00:1::]",  # 6to4
    "[2002:7f00:1::1]",
    "[64:ff9b::127.0.0.1]",  # NAT64
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",  # NAT64 of a network's own
    "[64:ff9b:1:ffff::10.0.0.1]",
    "[2001:0:7f00:1::1]",  # Teredo
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
)
_PRIVATE_6 = (
    "[fe80::1]",
    "[fe80::1%25lo]",  # zone ids
    "[fe80::1%lo]",
    "[::1%25lo]",
    "[fc00::1]",
    "[fd00:ec2::254]",  # where a cloud keeps credentials
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[2002:a9fe:a9fe::]",
    "[2002:c0a8:1::]",
    "[64:ff9b::169.254.169.254]",
    "[100::1]",  # discarded
    "[2001:db8::1]",  # of documentation
    "[3fff::1]",
    "[5f00::1]",
)
_NAMED = (
    "localhost",
    "LOCALHOST",
    "localhost.",
    "inside.example",  # one private address
    "both.example",  # a public one and a private one
    "mapped.example",
    "turns.example",  # public the first time, loopback the second
    "１２７.０.０.１",  # full-width digits
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",  # dots of other scripts
    "127．0．0．1",
    "ｌｏｃａｌｈｏｓｔ",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "xn--local-host.example",  # punycode that is none
    "xn--0.xn--0",
)
#: Whole URLs: other schemes, user information, ports, white space, what parsers disagree about.
_WHOLE = (
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "jar:http://127.0.0.1:{port}/!/",
    "data:application/json,%7B%7D",
    "//127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://stat.example@127.0.0.1:{port}/",
    "http://stat.example:80@127.0.0.1:{port}/",
    "http://stat.example%40127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@stat.example/",
    "http://stat.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@stat.example/",
    "http://127.0.0.1:{port}?@stat.example/",
    "http://127.0.0.1%00.stat.example:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1 :{port}/",
    "\thttp://127.0.0.1:{port}/",
    "http://[::1]:{port}.stat.example/",
    "http://[127.0.0.1]:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:65536/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:http/",
    "http://stat.example/\r\nHost: 127.0.0.1",
)

SPELLINGS: Sequence[str] = (
    *(
        f"http://{host}:{{port}}/"
        for host in (*_LOOPBACK_4, *_PRIVATE_4, *_LOOPBACK_6, *_PRIVATE_6, *_NAMED)
    ),
    *_WHOLE,
)

#: What names stand for: the answer of the first look-up, of the second, and so on.
NAMES: Mapping[str, Sequence[Sequence[str]]] = {
    "inside.example": [("10.1.2.3",)],
    "both.example": [("1.1.1.1", "127.0.0.1")],
    "mapped.example": [("::ffff:127.0.0.1",)],
    "turns.example": [("192.168.1.1",), ("127.0.0.1",)],
}
