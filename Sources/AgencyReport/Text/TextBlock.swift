// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A part of a run as plain text for a terminal.
public protocol TextBlock: Sendable {
    /// Lays the block out.
    ///
    /// - Parameters:
    ///   - width: The columns there are; fewer than 40 are taken for 40.
    ///   - style: How tones are shown.
    /// - Returns: Lines without a new line at the end, in which nothing steers a terminal but what the style put in.
    func text(width: Int, style: TextStyle) -> String
}

extension TextBlock {
    /// Lays the block out without colours.
    public func text(width: Int) -> String { text(width: width, style: .plain) }
}
