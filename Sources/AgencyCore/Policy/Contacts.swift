// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The contacts, links and addresses in a text: whatever could lead a reader, or money, to somebody.
///
/// It errs towards finding too much: what it finds and nobody has named is a question, what it misses is a way out.
struct Contacts {
    /// What was found, in order: as it stands in the text, by the form in which two ways of writing it are the same.
    private var entries: [(key: String, text: String)] = []

    /// What was found, each in the form in which two ways of writing it are the same.
    var found: Set<String> { Set(entries.map(\.key)) }

    /// What was found and is not among some others, as it stands in the text.
    func besides(_ others: Set<String>) -> [String] { entries.filter { !others.contains($0.key) }.map(\.text) }

    /// Looks through a text.
    init(in text: String) {
        let scalars = Self.folded(text)
        for token in scalars.split(whereSeparator: Self.isSeparator) {
            let word = Self.trimmed(token)
            if !word.isEmpty, Self.isContact(word) { take(word) }
        }
        for run in NumberRuns(in: scalars).phones { take(run) }
        for account in Self.accounts(in: scalars) { take(account) }
    }

    private mutating func take(_ word: some Collection<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: word)
        let text = String(view)
        let key = Self.key(text)
        if !entries.contains(where: { $0.key == key }) { entries.append((key, text)) }
    }

    /// The form in which two ways of writing one contact are the same.
    private static func key(_ text: String) -> String {
        var key = text.lowercased()
        for scheme in ["mailto:", "tel:", "https://", "http://", "www."] where key.hasPrefix(scheme) {
            key.removeFirst(scheme.count)
        }
        while key.hasSuffix("/") { key.removeLast() }
        return key
    }

    /// The text without what is not seen, in ordinary forms, with the usual disguises of a dot and an “at” undone.
    private static func folded(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                result.append(scalar)
            } else if scalar.properties.isDefaultIgnorableCodePoint {
                continue
            } else if (0xFF01...0xFF5E).contains(scalar.value) {
                result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            } else if ["\u{2024}", "\u{3002}", "\u{FF61}", "\u{FE52}"].contains(scalar) {
                result.append(".")
            } else {
                result.append(scalar)
            }
        }
        for (disguise, plain) in disguises { result = result.replacing(Array(disguise.unicodeScalars), with: plain) }
        return result
    }

    private static let disguises: [(String, [Unicode.Scalar])] = [
        ("[.]", ["."]), ("(.)", ["."]), ("{.}", ["."]), ("[dot]", ["."]), ("(dot)", ["."]), (" dot ", ["."]),
        (" DOT ", ["."]), ("[at]", ["@"]), ("(at)", ["@"]), ("[@]", ["@"]), ("(@)", ["@"]),
    ]

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || "<>()[]{}\"'`,;|“”‘’«»*".unicodeScalars.contains(scalar)
    }

    private static func trimmed(_ token: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var token = token
        while let last = token.last, ".:!?-_=&".unicodeScalars.contains(last) { token.removeLast() }
        while let first = token.first, ".:!?-_=&#".unicodeScalars.contains(first) { token.removeFirst() }
        return token
    }

    /// Whether a word leads somewhere: a link, an address, a name with an “at”, the name of a host.
    private static func isContact(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        if let at = word.firstIndex(of: "@") { return word.count >= 3 && at + 1 < word.endIndex }
        let colon = word.firstIndex(of: ":")
        if let colon, colon > word.startIndex, colon + 1 < word.endIndex {
            let scheme = word[..<colon]
            let isLink = word[(colon + 1)...].starts(with: ["/", "/"])
            if isLink || ["mailto", "tel", "sms", "data", "javascript", "bitcoin", "ethereum"].contains(text(scheme)) {
                return true
            }
        }
        return isHost(word)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view).lowercased()
    }

    private static func isHost(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        let host = word.prefix { !"/?#:".unicodeScalars.contains($0) }
        let hasPath = host.endIndex < word.endIndex
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, labels.allSatisfy({ !$0.isEmpty && isLabel($0) }) else {
            return false
        }
        if labels.count == 4, labels.allSatisfy({ Int(text($0)).map { (0...255).contains($0) } ?? false }) {
            return true
        }
        guard last.count >= 2, last.allSatisfy(\.properties.isAlphabetic) || text(last).hasPrefix("xn--") else {
            return false
        }
        let domain = text(last)
        if text(labels[0]) == "www" || Self.domains.contains(domain) { return true }
        // Letters of other scripts that read as the end of a name of a host.
        if !domain.allSatisfy(\.isASCII), Self.lookalikes.contains(TextScan.skeleton(domain)) { return true }
        if hasPath { return !Self.endings.contains(domain) || word[host.endIndex] == "?" }
        return domain.unicodeScalars.count == 2 && !Self.endings.contains(domain) && labels[labels.count - 2].count >= 2
    }

    private static func isLabel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
        label.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_" }
    }

    /// Accounts of banks (ISO 13616) and of chains.
    private static func accounts(in scalars: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var accounts: [[Unicode.Scalar]] = []
        let words = scalars.split { !isAlphanumeric($0) }.map(Array.init)
        for (index, word) in words.enumerated() {
            if isIBANStart(word) {
                // Banks print it in groups of four.
                var account = word
                var next = index + 1
                while next < words.count, words[next].count <= 4, account.count < 34,
                    words[next].allSatisfy({ isCapitalOrDigit($0) })
                {
                    account += words[next]
                    next += 1
                }
                if (15...34).contains(account.count), account.count(where: isDigit) >= 8 { accounts.append(account) }
            }
            let isChain = word.starts(with: ["0", "x"]) && word.count == 42 || word.starts(with: ["b", "c", "1"])
            let isBase58 = (word.first == "1" || word.first == "3") && word.contains(where: \.properties.isUppercase)
            if (isChain || isBase58) && (26...90).contains(word.count) && word.contains(where: isDigit) {
                accounts.append(word)
            }
        }
        return accounts
    }

    private static func isIBANStart(_ word: [Unicode.Scalar]) -> Bool {
        word.count >= 4 && word[..<2].allSatisfy(isCapital) && word[2..<4].allSatisfy(isDigit)
            && word.allSatisfy(isCapitalOrDigit)
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
    private static func isCapitalOrDigit(_ scalar: Unicode.Scalar) -> Bool { isCapital(scalar) || isDigit(scalar) }
    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        isCapitalOrDigit(scalar) || ("a"..."z").contains(scalar)
    }
    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

/// Runs of digits that could be numbers of telephones.
private struct NumberRuns {
    var phones: [[Unicode.Scalar]] = []

    init(in scalars: [Unicode.Scalar]) {
        var run: [Unicode.Scalar] = []
        for scalar in scalars + ["\n"] {
            if Contacts.isDigit(scalar) || "+-. ()/".unicodeScalars.contains(scalar) {
                run.append(scalar)
            } else {
                take(run)
                run = []
            }
        }
    }

    private mutating func take(_ run: [Unicode.Scalar]) {
        let digits = run.filter(Contacts.isDigit)
        let isInternational = run.drop { $0 == " " || $0 == "(" }.first == "+" && digits.count >= 7
        // Numbers without a sign of their own: of telephones and accounts, neither dates nor amounts nor spans of years.
        let groups = run.split { !Contacts.isDigit($0) }.map(\.count)
        let isLong = (10...19).contains(digits.count) && !isDate(run) && !run.contains(".")
        let isAccount = groups.contains { (8...19).contains($0) } && !run.contains(".") && !isDay(digits)
        let isLocal = groups == [3, 4] && run.contains("-")
        if isInternational || isLong || isAccount || isLocal {
            phones.append(run.filter { $0 == "+" || Contacts.isDigit($0) })
        }
    }

    /// Whether the digits are a day, as in 20261121.
    private func isDay(_ digits: [Unicode.Scalar]) -> Bool {
        guard digits.count == 8, let number = Int(String(String.UnicodeScalarView(digits))) else { return false }
        return (1900...2100).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
            && (1...31).contains(number % 100)
    }

    private func isDate(_ run: [Unicode.Scalar]) -> Bool {
        let parts = run.split { !Contacts.isDigit($0) }
        guard parts.count >= 3 else { return false }
        return parts[0].count == 4 && parts[1].count <= 2 && parts[2].count <= 2
    }
}
