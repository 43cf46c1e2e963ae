// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Where a person is shown something and asked for an answer.
public protocol Terminal: Sendable {
    /// Shows text, which may have several lines and holds no control characters but line feeds and tabs.
    func show(_ text: String) async

    /// Asks for one line.
    ///
    /// - Returns: The line without its end, or `nil` when the input has ended.
    func readLine(prompt: String) async -> String?
}
