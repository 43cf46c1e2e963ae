// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Testing

@Suite struct ServerAddressTests {
    @Test(arguments: [
        "https://tools.example", "https://tools.example/mcp", "https://tools.example:8443/a/b-c_d.e~f%20",
        "https://[2001:db8::1]:8443/mcp", "http://127.0.0.1:8000/mcp", "http://127.9.9.9", "http://localhost:1/",
        "http://[::1]:65535/mcp", "https://192.0.2.7/mcp",
    ])
    func `an address of https, or of http on this machine, may be used`(text: String) {
        #expect(ToolServer.isAddress(text))
    }

    @Test(arguments: [
        "", "https://", "http://", "ftp://127.0.0.1", "tools.example", "//tools.example", "HTTPS://tools.example",
        "http://tools.example", "http://127.0.0.1.tools.example", "http://127.1", "http://0.0.0.0:80",
        "http://127.0.0.256",
        "http://0127.0.0.1", "http://localhost.tools.example", "http://[::2]", "http://[::ffff:127.0.0.1]",
        "https://user@tools.example", "https://user:pass@tools.example", "https://tools.example?key=1",
        "https://tools.example/#a", "https://tools.example:0", "https://tools.example:65536", "https://tools.example:",
        "https://tools.example:8a", "https://to ols.example", "https://tööls.example", "https://tools.example/\u{200B}",
        "https://tools.example\\@127.0.0.1", "https://[::1", "https://[]", "https://[g::1]", "https://a:b:1",
        "http://127.0.0.1@tools.example", "http://127.0.0.1\\.tools.example", "http://127.0.0.１",
        "https://" + String(repeating: "a", count: 2048),
    ])
    func `any other address may not`(text: String) {
        #expect(!ToolServer.isAddress(text))
    }
}
