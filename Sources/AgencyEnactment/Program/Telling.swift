// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Tells what a program has printed while it still runs, a few times a second.
struct Telling: Sendable {
    /// Is told the newest of it as text; it must not take long.
    let tell: @Sendable (String) -> Void
    /// What nobody may see.
    let mask: SecretMask?
    /// What the program says first, which is not its own.
    let sign: [UInt8]

    /// How often it tells, at most.
    static let period = Duration.milliseconds(300)
    /// The most bytes of what is told.
    static let most = 16 << 10

    /// Tells what was kept so far.
    func callAsFunction(_ capture: Capture) {
        guard capture.starts(with: sign) else { return }
        var shown = capture
        shown.dropHead(sign.count)
        guard let mask else { return tell(Capture.repaired(shown.newest(Self.most))) }
        let bytes = shown.newest(Self.most + 2 * mask.longest)
        // A value of which only the end is here, or only the beginning is printed yet, cannot be told from other text.
        let start = bytes.count < shown.total ? min(bytes.count, mask.longest) : 0
        let end = max(start, bytes.count - mask.longest)
        tell(Capture.repaired(mask.masked(bytes, start..<end)))
    }
}
