// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

/// Hosts as people declare them.
struct DeclaredHostTests {
    @Test(
        arguments: [
            ("api.example.com", "api.example.com:443"), ("API.Example.COM:8443", "api.example.com:8443"),
            ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de:443"), ("localhost:1", "localhost:1"),
            ("192.0.2.1", "192.0.2.1:443"), ("127.0.0.1:65535", "127.0.0.1:65535"), ("[::1]", "[::1]:443"),
            ("[2001:DB8::0:1]:8080", "[2001:db8::1]:8080"), ("a-b.c1", "a-b.c1:443"),
        ]
    )
    func `one name or address, with a port, is a host`(text: String, whole: String) throws {
        let host = try #require(DeclaredHost(text))
        #expect(host.description == whole && DeclaredHost(whole) == host && DeclaredHost(withPort: whole) == host)
        #expect(try JSONValue(encoding: host).decode(DeclaredHost.self) == host)
    }

    @Test(
        arguments: [
            "", "*", "*.example.com", ".example.com", "example.com.", "a..b", "-a.b", "a-.b", "a_b.c", "a b", "a/b",
            "http://a", "user@a", "a:b", "a:", "a:0", "a:01", "a:+1", "a:65536", "a:1:2", "a:1 ", "\u{E9}.example",
            "ex\u{430}mple.com", "a\0b", "a%00b", "::1", "[::1", "[::1]x", "[::1]:", "[1.2.3.4]", "[fe80::1%eth0]", "1",
            "127.1", "0x7f.0.0.1", "1.2.3.0x4", "0177.0.0.1", "1.2.3.256", "1.2.3.4.5", "2130706433", "a.1",
            "256.256.256.256",
        ]
    )
    func `nothing else is`(text: String) {
        #expect(DeclaredHost(text) == nil)
        #expect(DeclaredHost(String(repeating: "a", count: 64) + ".b") == nil)
        #expect(DeclaredHost(withPort: "api.example.com") == nil)
    }

    @Test(arguments: ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "172.32.0.1", "64:ff9b::808:808", "11.0.0.1"])
    func `addresses of the internet have no special use`(text: String) {
        #expect(NetworkAddress(text)?.specialUse == nil && NetworkAddress(text) != nil)
    }

    @Test(arguments: ["1.2.3", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "::g", "1::2::3", "fe80::1%lo", "", "1.2.3.4\0"])
    func `what programs would read in more ways than one is no address`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
