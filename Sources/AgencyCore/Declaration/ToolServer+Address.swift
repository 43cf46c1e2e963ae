// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension ToolServer {
    /// Whether a server of tools may be spoken to at an address: `https`, or plain `http` on this machine itself.
    ///
    /// Only a host, a port and a path are accepted: a secret in an address would be on every page that shows it.
    public static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.utf8.contains(where: { "?#\\\"<>^`{|}".utf8.contains($0) })
        else { return false }
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else { return false }
        let authority = text.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" }
        guard let (host, port) = parts(of: authority), port.map({ (1...65_535).contains($0) }) ?? true else {
            return false
        }
        return isSecure || isLoopback(host)
    }

    private static func parts(of authority: Substring) -> (host: Substring, port: Int?)? {
        var host = authority
        var port: Int?
        // The colons of an IPv6 address stand in brackets.
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[end...].lastIndex(of: ":") {
            let digits = authority[authority.index(after: colon)...]
            guard (1...5).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            port = Int(digits)
            host = authority[..<colon]
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.count > 2,
                host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
            return (host, port)
        }
        let isName = host.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "-" || $0 == "." }
        return !host.isEmpty && isName ? (host, port) : nil
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        // Each part is a number of at most three digits, so that no resolver reads it as something else.
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { ("0"..."9").contains($0) }
                    && (Int(part) ?? 256) <= 255
            }
    }
}
