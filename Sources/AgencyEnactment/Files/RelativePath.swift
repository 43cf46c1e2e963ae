// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A path below the workspace, as a list of names that can neither climb out of it nor reach its repository.
struct RelativePath: Hashable, Sendable, CustomStringConvertible {
    let components: [String]

    /// Reads a path that a model or a file wrote.
    ///
    /// - Throws: ``EnactmentError/Code/badArguments`` for a path that is empty, absolute or climbs;
    ///   ``EnactmentError/Code/notPermitted`` for one that leads into a repository's own folder.
    init(_ text: String) throws(EnactmentError) {
        func refusal(_ why: String) -> EnactmentError {
            EnactmentError(.badArguments, "“\(text.forMessage)” \(why); give a path relative to the workspace")
        }
        guard !text.isEmpty else { throw refusal("is empty") }
        guard !text.utf8.contains(0) else { throw refusal("has a NUL in it") }
        guard !text.hasPrefix("/") else { throw refusal("is absolute") }
        guard text.utf8.count <= 4096 else { throw refusal("is longer than 4096 bytes") }
        let parts = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init).filter { $0 != "." }
        guard !parts.contains("..") else { throw refusal("has “..” in it") }
        guard parts.allSatisfy({ $0.utf8.count <= 255 }) else { throw refusal("has a name longer than 255 bytes") }
        guard !parts.contains(where: { $0.lowercased() == ".git" }) else {
            throw EnactmentError(
                .notPermitted,
                "“\(text.forMessage)” is in the repository's own folder; use the git tools"
            )
        }
        components = parts
    }

    /// Whether this is the workspace itself.
    var isRoot: Bool { components.isEmpty }

    var description: String { isRoot ? "." : components.joined(separator: "/") }
}

extension String {
    /// The text on one line and of readable length, with control characters escaped.
    func escaped(limit: Int) -> String {
        var result = ""
        for scalar in unicodeScalars {
            guard result.utf8.count < limit else { return result + "…" }
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{0}"..."\u{1F}",
                "\u{7F}"..."\u{9F}":
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    var forMessage: String { escaped(limit: 200) }
}
