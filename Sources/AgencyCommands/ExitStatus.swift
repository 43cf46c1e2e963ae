// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyLedger
import AgencyReport
import AgencyRuntime
import ArgumentParser
import Foundation

/// The statuses with which the command ends, and which error ends it with which.
///
/// > Source: sysexits(3) for 64 to 77; 128 + SIGINT for 130.
struct ExitStatus: Error, Hashable {
    /// The status.
    let code: Int32

    /// The run ended without reaching its goals.
    static let unmet = ExitStatus(code: 1)
    /// The command line is wrong.
    static let usage = ExitStatus(code: 64)
    /// What was given is wrong, or the ledger does not verify.
    static let badInput = ExitStatus(code: 65)
    /// Something that is needed is not there.
    static let unavailable = ExitStatus(code: 69)
    /// A fault of this program.
    static let ourFault = ExitStatus(code: 70)
    /// A person must act, or the same command may succeed later.
    static let waiting = ExitStatus(code: 75)
    /// Not permitted.
    static let notPermitted = ExitStatus(code: 77)
    /// Interrupted from the keyboard.
    static let interrupted = ExitStatus(code: 130)

    /// The status for an error.
    static func of(_ error: any Error) -> ExitStatus {
        switch error {
        case let status as ExitStatus: status
        case is CancellationError: .interrupted
        case is DeclarationError: .badInput
        case let error as RuntimeError: of(error.code)
        case let error as LedgerError: of(error.code)
        case let error as ProofError: error.code == .unavailable ? .unavailable : .badInput
        case let error as PerformerError: of(error)
        case let error as EnactmentError: of(error.code)
        case let error as WorkInterrupted: of(error.cause)
        case is CocoaError, is ValidationError: .badInput
        default: .ourFault
        }
    }

    private static func of(_ code: RuntimeError.Code) -> ExitStatus {
        switch code {
        case .notFound, .badInput, .corrupt: .badInput
        case .unavailable, .workspaceChanged: .unavailable
        case .notNow, .stale, .busy, .takenOver: .waiting
        case .notPermitted: .notPermitted
        default: .ourFault
        }
    }

    private static func of(_ code: LedgerError.Code) -> ExitStatus {
        switch code {
        case .busy, .conflict: .waiting
        case .corrupt, .versionTooNew, .notALedger, .notFound: .badInput
        case .unavailable, .full: .unavailable
        default: .ourFault
        }
    }

    private static func of(_ error: PerformerError) -> ExitStatus {
        switch error.code {
        case .badProfile, .promptChanged, .notRecorded: .badInput
        case .unauthorized: .notPermitted
        case .rateLimited, .overloaded: .waiting
        default: .unavailable
        }
    }

    private static func of(_ code: EnactmentError.Code) -> ExitStatus {
        switch code {
        case .noSuchTool, .badArguments, .workspaceUnusable, .unknownCheckpoint: .badInput
        case .notPermitted, .expired: .notPermitted
        default: .unavailable
        }
    }

    /// Runs something and ends the process with the status that fits how it went.
    static func exit(_ work: () async throws -> Void) async -> Never {
        do {
            try await work()
            Foundation.exit(0)
        } catch let status as ExitStatus {
            Foundation.exit(status.code)
        } catch  where AgencyCommand.exitCode(for: error) == .success {
            // Help and version are thrown too.
            Terminal.out(AgencyCommand.fullMessage(for: error))
            Foundation.exit(0)
        } catch  where AgencyCommand.exitCode(for: error) == .validationFailure {
            Terminal.error(AgencyCommand.fullMessage(for: error))
            Foundation.exit(ExitStatus.usage.code)
        } catch let error as DeclarationError {
            // A fault to a line, each with its hint below it.
            Terminal.error("agency: " + Escape.terminal(error.description, multiline: true))
            Foundation.exit(of(error).code)
        } catch {
            Terminal.error("agency: " + Escape.terminal(String(describing: error)))
            Foundation.exit(of(error).code)
        }
    }
}

/// What broke off the work on a run, with how to go on: the run itself is as its ledger has it.
struct WorkInterrupted: Error, CustomStringConvertible {
    let cause: any Error
    let run: RunID

    /// Whether an error is one after which the run can simply be resumed, once what it tells of is mended.
    static func leavesRunAsItIs(_ error: any Error) -> Bool {
        if let error = error as? LedgerError { return error.code != .corrupt }
        if let error = error as? RuntimeError { return error.code == .unavailable }
        return error is PerformerError || error is EnactmentError || error is CancellationError
    }

    var description: String {
        let what = cause is CancellationError ? "interrupted" : String(describing: cause)
        return "\(what); nothing recorded is lost, go on with: agency resume \(run)"
    }
}
