// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The declarations that come with the product, as texts to run, read, copy and change.
public enum Stock {
    /// One declaration: the name of its file and its text.
    public struct Sheet: Hashable, Sendable {
        /// What it is called: `change-board`.
        public var name: String
        /// What it is for, in a sentence.
        public var about: String
        /// The text of the file.
        public var text: String
    }

    /// The stock architectures.
    public static let architectures = [
        Sheet(
            name: "change-board",
            about: "Careful change to a working system, with a person choosing.",
            text: changeBoard
        ),
        Sheet(
            name: "advice",
            about: "Weighed advice on a question or a plan; nothing is enacted.",
            text: advice
        ),
    ]

    /// The stock architecture of a name.
    public static func architecture(_ name: String) -> Sheet? { architectures.first { $0.name == name } }
}
