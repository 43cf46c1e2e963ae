// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyRuntime
import Hummingbird

extension EditPage {
    /// Shows what a text comes to, and files it where that is asked for and it was shown before.
    ///
    /// - Parameters:
    ///   - form: What was sent.
    ///   - place: Where the page of the run shows what was filed.
    ///   - look: Reads the text, and says on the page what it comes to.
    ///   - file: Files what was read.
    /// - Returns: The page with what is wrong or what it comes to, on which all that was typed stays; else the way to the run.
    /// - Throws: what nobody can put right on the page.
    func answer<Edit>(
        _ form: Form,
        thenAt place: String,
        look: (inout EditPage) throws -> Edit,
        file: (Edit) async throws -> Void
    ) async throws -> Response {
        var page = self
        do {
            let edit = try look(&page)
            guard form["act"] == "file" else { return Answers.page(page.frame) }
            guard form["looked"] == Self.digest(text) else {
                throw RuntimeError(
                    .badInput,
                    "it was changed since what it comes to was shown; look at that, and file it then"
                )
            }
            try await file(edit)
        } catch {
            let fault = Fault(error)
            guard [.badRequest, .conflict, .serviceUnavailable, .forbidden].contains(fault.status) else { throw error }
            page.complaint = fault.message
            return Answers.page(page.frame, status: fault.status)
        }
        return Answers.see(back + place)
    }

    /// Makes sure that it is said why.
    func requireReason() throws {
        guard !reason.isEmpty else { throw RuntimeError(.badInput, "say what you change, and why") }
    }
}
#endif
