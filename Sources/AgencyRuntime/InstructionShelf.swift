// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

/// Keeps what episodes are instructed with for all runs of a process: most of them are of a few architectures.
final class InstructionShelf: Sendable {
    private let kept = Mutex(InstructionBook())

    /// What is known.
    var book: InstructionBook { kept.withLock { $0 } }

    /// Keeps a book, if something was written in it; of two that were written in at once, the last.
    func keep(_ book: InstructionBook) { kept.withLock { if book.count != $0.count { $0 = book } } }
}
