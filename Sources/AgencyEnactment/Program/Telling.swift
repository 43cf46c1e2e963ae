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
        var bytes = shown.bytes
        if let mask {
            // A value of which only the beginning is printed yet cannot be told from other text.
            let end = max(0, bytes.count - mask.longest)
            bytes = mask.masked(bytes, 0..<end)
        }
        tell(Capture.repaired(Array(bytes.suffix(Self.most))))
    }
}
