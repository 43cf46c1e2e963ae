// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport
import Foundation

/// The standard streams, with what is known of each.
enum Terminal {
    /// Whether standard input and standard output are both a terminal, so that a person can be asked.
    static var isInteractive: Bool { isatty(0) == 1 && isatty(1) == 1 }

    /// Whether standard error is a terminal that progress can be drawn on.
    static var drawsProgress: Bool { isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb" }

    /// Whether a stream gets colour: a terminal, unless `NO_COLOR` says otherwise.
    static func hasColour(_ descriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(descriptor) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// The width of the terminal in columns; 100 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
        return min(Int(size.ws_col), 140)
    }

    /// Writes a line to standard output.
    static func out(_ text: String) { write(text + "\n", to: 1) }

    /// Writes a line to standard error.
    static func error(_ text: String) { write(text + "\n", to: 2) }

    /// Writes text as it is.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Asks for a line; `nil` at the end of input.
    static func ask(_ prompt: String) -> String? {
        write(prompt, to: 1)
        return Interruption.whileAsking { readLine(strippingNewline: true) }
    }

    /// A block of text as standard output shows it.
    static func text(_ block: some TextBlock) -> String {
        block.text(width: width, style: hasColour(1) ? colours : .plain)
    }

    private static let colours = TextStyle { tone, text in
        let colour: Colour =
            switch tone {
            case .heading: .bold
            case .quiet: .dim
            case .good: .green
            case .caution: .yellow
            case .bad: .red
            }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    /// Puts text in one of a few colours, where the stream has colour.
    static func paint(_ text: String, _ colour: Colour, on descriptor: Int32 = 1) -> String {
        hasColour(descriptor) ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The few colours that mean something.
    enum Colour: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
    }
}
