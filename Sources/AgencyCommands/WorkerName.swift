// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import Foundation

/// The name under which this process claims runs.
enum WorkerName {
    /// The machine, the process, and letters that tell processes of one number in different containers apart.
    static let ofThisProcess: String = {
        let host = ProcessInfo.processInfo.hostName.utf8.prefix(64).map { byte in
            (0x21...0x7E).contains(byte) ? Character(Unicode.Scalar(byte)) : "-"
        }
        let letters = RunNames.random().rawValue.suffix(4)
        return "\(host.isEmpty ? "worker" : String(host))-\(ProcessInfo.processInfo.processIdentifier)-\(letters)"
    }()
}
