// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How a block of text is coloured: what a terminal does with a tone is for the caller to say.
///
/// The words and shapes of a block carry its whole meaning without any colour.
public struct TextStyle: Sendable {
    /// What a piece of text means.
    public enum Tone: Hashable, Sendable, CaseIterable {
        /// A title.
        case heading
        /// Of less weight: digests, times, explanations of marks.
        case quiet
        /// As hoped, kept, or added.
        case good
        /// To be looked at.
        case caution
        /// Missed, undone, blocking, or removed.
        case bad
    }

    /// Colours a piece of one line; the text is already safe to print and must keep its width.
    public var paint: @Sendable (_ tone: Tone, _ text: String) -> String

    /// Makes a style.
    public init(paint: @escaping @Sendable (_ tone: Tone, _ text: String) -> String) { self.paint = paint }

    /// Leaves the text as it is.
    public static let plain = TextStyle { _, text in text }
}
