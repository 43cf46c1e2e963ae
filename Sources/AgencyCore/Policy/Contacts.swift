// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The contacts, links and addresses in a text: whatever could lead a reader, or money, to somebody.
///
/// It errs towards finding too much: what it finds and nobody has named is a question, what it misses is a way out.
struct Contacts {
    /// What was found, in order: as it stands in the text, by the form in which two ways of writing it are the same.
    private var entries: [(key: String, text: String)] = []

    /// What was found, each in the form in which two ways of writing it are the same.
    var found: Set<String> { seen }

    /// What was found and is not among some others, as it stands in the text.
    func besides(_ others: Set<String>) -> [String] { entries.filter { !others.contains($0.key) }.map(\.text) }

    private var seen: Set<String> = []

    /// The most bytes that are looked through.
    static let most = 1 << 18

    /// Looks through a text; one that is too long to be looked through counts as a contact.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isDecoded: Whether the text was a word of another one, in which no more words are decoded.
    init(in text: String, isDecoded: Bool = false) {
        var text = text
        if text.utf8.count > Self.most {
            take("more text than can be looked through".unicodeScalars)
            text = String(decoding: text.utf8.prefix(Self.most), as: UTF8.self)
        }
        let scalars = Self.folded(text)
        for token in scalars.split(whereSeparator: Self.isSeparator) {
            let word = Self.trimmed(token)
            guard !word.isEmpty, !Self.isOrdinary(word) || token.first == "#" else { continue }
            if Self.isContact(word) || Self.isChannel(token) {
                take(word)
            } else if !isDecoded, let decoded = Base64Word(word)?.text,
                !Contacts(in: decoded, isDecoded: true).entries.isEmpty
            {
                take(word)
            }
        }
        for share in Self.shares(in: text) { take(share) }
        for run in NumberRuns(in: scalars).phones { take(run) }
        for account in Self.accounts(in: scalars) { take(account) }
    }

    private mutating func take(_ word: some Collection<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: word)
        let text = String(view)
        let key = Self.key(text)
        if seen.insert(key).inserted { entries.append((key, text)) }
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

    /// The text without what is not seen, in ordinary forms.
    private static func folded(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in Disguise.removed(from: text).unicodeScalars {
            if scalar.isASCII {
                // Marks of emphasis stand within words that they do not part.
                if scalar != "*", scalar != "\\" { result.append(scalar) }
            } else if scalar.properties.isDefaultIgnorableCodePoint {
                continue
            } else if (0xFF01...0xFF5E).contains(scalar.value) {
                result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            } else if scalar == "\u{2024}" || scalar == "\u{FE52}" || stops.contains(scalar) && isPlain(result.last) {
                // In Chinese and Japanese they end a sentence.
                result.append(".")
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    private static let stops: Set<Unicode.Scalar> = ["\u{3002}", "\u{FF61}"]
    private static func isPlain(_ scalar: Unicode.Scalar?) -> Bool { scalar?.isASCII ?? false }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isWhitespace || "“”‘’«»".unicodeScalars.contains(scalar) }
        return isSeparatingByte[Int(scalar.value)]
    }

    private static let isSeparatingByte: [Bool] = (0..<128).map { value in
        let scalar = Unicode.Scalar(UInt8(value))
        return scalar.properties.isWhitespace || "<>()[]{}\"'`,;|".unicodeScalars.contains(scalar)
    }

    private static func trimmed(_ token: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var token = token
        while let last = token.last, isPunctuation(last) { token.removeLast() }
        while let first = token.first, isPunctuation(first) || first == "#" { token.removeFirst() }
        return token
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", ":", "!", "?", "-", "_", "=", "&": true
        default: false
        }
    }

    /// Whether a word is of nothing but letters, and too short to be another one in disguise: most are.
    private static func isOrdinary(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.count < Base64Word.shortest && word.allSatisfy { (0x61...0x7A).contains($0.value | 0x20) }
    }

    /// Whether a word leads somewhere: a link, an address, a name with an “at”, the name of a host.
    private static func isContact(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        if let at = word.firstIndex(of: "@") { return word.count >= 3 && at + 1 < word.endIndex }
        if word.starts(with: ["/", "/"]), word.count > 4 { return true }
        if let colon = word.firstIndex(of: ":"), colon > word.startIndex, colon + 1 < word.endIndex {
            let rest = word[(colon + 1)...]
            if rest.starts(with: ["/", "/"]) || schemes.contains(text(word[..<colon])) { return true }
            if isNumberOfInternet(word) { return true }
        }
        if isName(word) { return true }
        return isHost(word)
    }

    /// A name in a service, as in `eve#1234` or `u/eve`.
    private static func isName(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        if let mark = word.firstIndex(of: "#"), mark > word.startIndex {
            let digits = word[(mark + 1)...]
            if digits.count == 4, digits.allSatisfy(isDigit) { return true }
        }
        return word.starts(with: ["u", "/"]) && word.count > 4 && isLabel(word.dropFirst(2))
    }

    /// A channel of a service, as in `#evil-room`; no colour, and no number of an issue.
    private static func isChannel(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        guard token.first == "#" else { return false }
        let name = trimmed(token)
        let isColour = [3, 4, 6, 8].contains(name.count) && name.allSatisfy(\.properties.isASCIIHexDigit)
        return name.count >= 3 && !isColour && isLabel(name) && !name.allSatisfy(isDigit)
    }

    /// An address of version 6 of the internet protocol: hexadecimal numbers between colons.
    private static func isNumberOfInternet(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        let groups = word.split(separator: ":", omittingEmptySubsequences: false)
        let isHexadecimal = groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.properties.isASCIIHexDigit) }
        return isHexadecimal && (groups.count >= 5 || groups.dropFirst().dropLast().contains(where: \.isEmpty))
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
        if labels.contains(where: { text($0).hasPrefix("xn--") }) { return true }
        guard last.count >= 2, last.allSatisfy({ $0.properties.isAlphabetic || $0.value == 0x30FC }) else {
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

    /// Folders of other machines, as in `\\host\share`.
    private static func shares(in text: String) -> [[Unicode.Scalar]] {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return [] }
        return text.unicodeScalars.split(whereSeparator: isSeparator).map(Array.init)
            .filter { $0.count > 4 && $0.starts(with: ["\\", "\\"]) && isAlphanumeric($0[2]) }
    }
}
