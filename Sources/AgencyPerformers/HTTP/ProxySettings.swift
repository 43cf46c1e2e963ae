// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which proxy a request goes through, as the environment says.
///
/// > Source: the convention of curl and others: `http_proxy`, `https_proxy` and `no_proxy`, in lower case before upper
/// > case <https://everything.curl.dev/usingcurl/proxies/env.html>.
struct ProxySettings: Hashable, Sendable {
    /// For `http` addresses.
    let http: Proxy?
    /// For `https` addresses.
    let https: Proxy?
    private let exceptions: [String]

    /// An HTTP proxy.
    struct Proxy: Hashable, Sendable {
        var host: String
        var port: Int
        var user: String?
        var password: String?
    }

    init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name] ?? environment[name.uppercased()] }
        http = value("http_proxy").flatMap(Self.proxy)
        https = value("https_proxy").flatMap(Self.proxy)
        exceptions = (value("no_proxy") ?? "").split(separator: ",").map { $0.trimmingPrefix(" ").lowercased() }
            .map(\.trimmed).filter { !$0.isEmpty }
    }

    /// The proxy for an address; `nil` for a direct connection, as always to this machine itself.
    func proxy(for url: String) -> Proxy? {
        // Most often there is none, and taking an address apart at every request is not free.
        guard http != nil || https != nil else { return nil }
        guard let parts = URLComponents(string: url), let host = parts.host?.lowercased() else { return nil }
        let isSecure = parts.scheme?.lowercased() == "https"
        guard let proxy = isSecure ? https : http else { return nil }
        if host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]" { return nil }
        let port = parts.port ?? (isSecure ? 443 : 80)
        return exceptions.contains { Self.matches($0, host: host, port: port) } ? nil : proxy
    }

    private static func matches(_ exception: String, host: String, port: Int) -> Bool {
        if exception == "*" { return true }
        var name = exception[...]
        if let colon = name.lastIndex(of: ":"), let number = Int(name[name.index(after: colon)...]) {
            guard number == port else { return false }
            name = name[..<colon]
        }
        if name.hasPrefix("*") { name = name.dropFirst() }
        if name.hasPrefix(".") { name = name.dropFirst() }
        return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    }

    private static func proxy(_ text: String) -> Proxy? {
        let text = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { return nil }
        return Proxy(host: host, port: parts.port ?? 80, user: parts.user, password: parts.password)
    }
}
