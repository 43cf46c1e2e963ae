// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgencyPerformers

struct ProxySettingsTests {
    private let settings = ProxySettings(environment: [
        "http_proxy": "http://u:p%40@proxy.example:3128", "HTTPS_PROXY": "proxy2.example:8080",
        "HTTP_PROXY": "http://wrong",
        "no_proxy": "internal.example, .local,10.1.2.3,only.example:8443",
    ])

    @Test func `the scheme chooses the proxy and lower case comes first`() {
        #expect(
            settings.proxy(for: "http://api.example/v1")
                == ProxySettings.Proxy(host: "proxy.example", port: 3128, user: "u", password: "p@")
        )
        #expect(
            settings.proxy(for: "https://api.example/v1") == ProxySettings.Proxy(host: "proxy2.example", port: 8080)
        )
    }

    @Test(arguments: [
        "http://internal.example/", "https://a.internal.example", "http://x.local", "https://10.1.2.3/",
        "https://only.example:8443/", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:8",
    ])
    func `exceptions and this machine are reached directly`(_ url: String) {
        #expect(settings.proxy(for: url) == nil)
    }

    @Test(arguments: ["https://notinternal.example", "https://only.example/"])
    func `what only looks like an exception is not one`(_ url: String) {
        #expect(settings.proxy(for: url) != nil)
    }

    @Test func `without variables everything is direct`() {
        #expect(ProxySettings(environment: [:]).proxy(for: "https://api.example") == nil)
        #expect(ProxySettings(environment: ["https_proxy": ""]).proxy(for: "https://api.example") == nil)
    }
}
