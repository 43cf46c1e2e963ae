// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Profile {
    /// Finds the rules that this profile breaks so that it cannot be used; empty when it can.
    ///
    /// - Parameter path: Where the profile lies in its declaration.
    /// - Returns: The findings of severity error, with paths that begin as the given one.
    public func faults(at path: [Finding.Part] = []) -> [Finding] {
        findings(at: path).filter { $0.severity == .error }
    }

    /// Finds the rules that this profile breaks.
    ///
    /// - Parameter path: Where the profile lies in its declaration.
    /// - Returns: The findings, with paths that begin as the given one.
    public func findings(at path: [Finding.Part] = []) -> [Finding] {
        var faults: [Finding] = []
        func fail(_ rule: Rule, _ key: String, _ message: String, _ hint: String) {
            faults.append(Finding(rule, path + [.name(key)], message, hint: hint, in: .profiles))
        }
        if !Spelling.isName(name.rawValue) {
            let message = "“\(name.rawValue.shortened)” cannot name a profile"
            faults.append(Finding(.badName, path, message, hint: Spelling.nameHint, in: .profiles))
        }
        checkFit(fail)
        checkSecrets(fail)
        if let url { checkURL(url, fail) }
        if let keyVariable, !Self.isVariable(keyVariable) {
            fail(
                .wrongValue,
                "key-variable",
                "this is not the name of an environment variable",
                "write it as OPENAI_API_KEY"
            )
        }
        func range<Value>(_ key: String, _ value: Value?, _ range: ClosedRange<Value>, _ words: String) {
            if let value, !range.contains(value) {
                fail(.noBound, key, "\(value.asWritten) is out of range", "from \(words)")
            }
        }
        range("temperature", temperature, Self.temperatures, Self.temperatures.words)
        range("output-tokens", outputTokens, Self.outputTokenCounts, Self.outputTokenCounts.words)
        range("concurrency", concurrency, Self.concurrencies, Self.concurrencies.words)
        range("requests-per-minute", requestsPerMinute, Self.requestRates, Self.requestRates.words)
        range("idle-seconds", idleSeconds, Self.timeouts, Self.timeouts.words)
        range("overall-seconds", overallSeconds, Self.timeouts, Self.timeouts.words)
        let most = Money(microdollars: Int64(Self.dollarsPerMillion.upperBound) * 1_000_000)
        if inputPrice < .zero || inputPrice > most || outputPrice < .zero || outputPrice > most {
            fail(
                .noBound,
                "prices",
                "a price is out of range",
                "from \(Self.dollarsPerMillion.words) dollars a million tokens"
            )
        }
        return faults
    }

    /// Sampling temperatures that providers take.
    public static let temperatures = 0.0...2.0
    /// Tokens that one answer may be allowed.
    public static let outputTokenCounts = 1...1_000_000
    /// Requests in flight at once.
    public static let concurrencies = 1...256
    /// Requests begun in a minute.
    public static let requestRates = 1...100_000
    /// Seconds before a request is given up.
    public static let timeouts = 1.0...86400.0
    /// Dollars for a million tokens.
    public static let dollarsPerMillion = 0...100_000

    private typealias Fail = (_ rule: Rule, _ key: String, _ message: String, _ hint: String) -> Void

    private func checkFit(_ fail: Fail) {
        let speaksHTTP = provider == .openai || provider == .anthropic
        if speaksHTTP, model.trimmingWhitespace.isEmpty {
            fail(
                .missingPart,
                "model",
                "“model” is missing",
                "the provider \(provider.rawValue) needs its name of the model"
            )
        }
        if provider == .program, command.first?.isEmpty ?? true {
            fail(
                .missingPart,
                "command",
                "“command” is missing",
                "write the program and its arguments: command: [python3, role.py]"
            )
        }
        if provider != .program, !command.isEmpty {
            fail(
                .misplacedPart,
                "command",
                "a command is for the provider program, not \(provider.rawValue)",
                "leave it out"
            )
        }
        if provider != .program, lifetime != .turn {
            fail(
                .misplacedPart,
                "lifetime",
                "a lifetime is for the provider program, not \(provider.rawValue)",
                "leave it out"
            )
        }
        if !speaksHTTP, delivery != .stream {
            fail(
                .misplacedPart,
                "delivery",
                "the provider \(provider.rawValue) is not asked over HTTP",
                "leave it out"
            )
        }
        if !speaksHTTP, url != nil {
            fail(.misplacedPart, "url", "the provider \(provider.rawValue) is not reached by a URL", "leave it out")
        }
        if !speaksHTTP, keyVariable != nil {
            fail(.misplacedPart, "key-variable", "the provider \(provider.rawValue) takes no key", "leave it out")
        }
        if provider == .person, !model.isEmpty {
            fail(.misplacedPart, "model", "a person has no model", "leave it out")
        }
    }

    private func checkSecrets(_ fail: Fail) {
        var texts = [("model", model), ("url", url ?? ""), ("key-variable", keyVariable ?? "")]
        texts += command.map { ("command", $0) }
        for (key, text) in texts where Self.looksLikeKey(text) {
            fail(.keyWrittenDown, key, "this looks like a key", Self.keyHint)
        }
    }

    private func checkURL(_ url: String, _ fail: Fail) {
        guard let (scheme, host) = Self.parts(of: url) else {
            fail(
                .wrongValue,
                "url",
                "this is not the address of a provider",
                "write it as https://host/v1, without user, query or blank"
            )
            return
        }
        guard scheme == "http", !Self.isLoopback(host) else { return }
        if keyVariable != nil {
            fail(
                .keyUnencrypted,
                "url",
                "a key would travel to \(host.shortened) unencrypted",
                "use https://, or leave key-variable out"
            )
        } else {
            fail(
                .promptsUnencrypted,
                "url",
                "everything that is asked and answered would travel to \(host.shortened) unencrypted",
                "use https://, or a tunnel that ends on this machine"
            )
        }
    }

    /// Whether a text begins as the keys of providers do.
    public static func looksLikeKey(_ text: String) -> Bool {
        ["sk-", "sk_", "AIza", "ghp_", "xai-", "gsk_", "hf_"].contains { text.hasPrefix($0) && text.utf8.count > 12 }
            || text.hasPrefix("sk-")
    }

    /// What to tell somebody who wrote a key down.
    public static let keyHint = "put the key in an environment variable and name that: key-variable: OPENAI_API_KEY"

    /// Whether a text can name an environment variable.
    public static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    private static func parts(of url: String) -> (scheme: String, host: String)? {
        guard url.utf8.count <= 2048, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        guard !url.contains(where: { "?#@\\".contains($0) }), let colon = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<colon.lowerBound].lowercased()
        let authority = url[colon.upperBound...].prefix { $0 != "/" }
        var host = authority
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            guard authority[authority.index(after: end)...].allSatisfy({ $0 == ":" || $0.isNumber }) else { return nil }
        } else if let port = authority.firstIndex(of: ":") {
            host = authority[..<port]
            guard let number = Int(authority[authority.index(after: port)...]), (1...65535).contains(number) else {
                return nil
            }
        }
        guard scheme == "http" || scheme == "https", !host.isEmpty else { return nil }
        return (scheme, String(host))
    }

    /// Whether an address is on this machine.
    static func leadsHere(_ url: String) -> Bool { parts(of: url).map { isLoopback($0.host) } ?? false }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]"
            || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
