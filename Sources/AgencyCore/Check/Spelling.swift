// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Rules and help for the names that people write in declarations.
public enum Spelling {
    /// The most characters that a name may have.
    public static let longestName = 40
    /// The rule for names as a regular expression, for editors.
    public static let namePattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"

    /// Whether a text can name a role, an architecture, a profile, a brief or a goal.
    ///
    /// Names become parts of identifiers that are joined by dots, and parts of file names; hence no dots, spaces or
    /// upper-case letters.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= longestName else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return isLetter(first) && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) } }
    }

    /// What to tell somebody whose name is not one.
    public static let nameHint =
        "use lower-case letters, digits and single hyphens, beginning with a letter, at most \(longestName) characters"

    /// The known word that somebody most likely meant.
    ///
    /// - Returns: `nil` when no word is near enough to be worth asking about.
    public static func suggestion(for word: String, among known: some Sequence<String>) -> String? {
        // Nobody misspells so long a word so badly, and the comparison is quadratic.
        guard word.utf8.count <= 64 else { return nil }
        let spelled = normalised(word)
        var best: (word: String, distance: Int)?
        for candidate in known where candidate.utf8.count <= 64 {
            let distance = distance(spelled, normalised(candidate))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, spelled.count / 3), best.distance < spelled.count else { return nil }
        return best.word
    }

    /// A hint that asks about the nearest known word and lists them all.
    public static func hint(for word: String, among known: [String], listedAs list: String) -> String {
        let all = known.isEmpty ? "there are no \(list)" : "\(list): \(known.joined(separator: ", "))"
        guard let near = suggestion(for: word, among: known) else { return all }
        return "did you mean “\(near)”? \(all)"
    }

    /// The number of letters to insert, leave out, replace or swap with their neighbour.
    ///
    /// > Source: F. J. Damerau, A technique for computer detection and correction of spelling errors, 1964, in the
    /// > variant that edits no letter twice.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var cost = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (left[row] == right[column] ? 0 : 1)
                )
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }

    private static func normalised(_ word: String) -> [Character] {
        Array(word.lowercased().replacing("_", with: "-"))
    }
    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
