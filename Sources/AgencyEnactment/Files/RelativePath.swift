// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

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
    /// The text on one line and of readable length, with everything visible that hides or steers a terminal.
    func escaped(limit: Int) -> String {
        var line = String.UnicodeScalarView()
        // Cut first, so that the work is bounded as well as the result.
        for scalar in unicodeScalars.prefix(limit + 1) {
            switch scalar {
            case "\n": line.append(contentsOf: "\\n".unicodeScalars)
            case "\r": line.append(contentsOf: "\\r".unicodeScalars)
            case "\t": line.append(contentsOf: "\\t".unicodeScalars)
            default: line.append(scalar)
            }
        }
        var result = ""
        for scalar in TextScan.visible(String(line)).unicodeScalars {
            guard result.utf8.count < limit else { return result + "…" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    var forMessage: String { escaped(limit: 200) }
}
