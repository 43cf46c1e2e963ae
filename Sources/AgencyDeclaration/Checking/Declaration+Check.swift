// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Declaration {
    /// Checks an architecture with what it is to be run with: every fault of every file, and of the files together.
    ///
    /// - Parameter sheets: The files.
    /// - Returns: What stands, what is accepted, and what belongs on the record of a run. It is total: a file that cannot
    ///   be read is a fault.
    public static func check(_ sheets: Sheets) -> CheckReport {
        let architecture = Parsed(sheets.architecture, .architecture)
        let brief = sheets.brief.map(Parsed<Brief>.brief)
        let profiles = sheets.profiles.map { Parsed($0, .profiles) }
        let settings = sheets.settings.map { Parsed($0, .checkSettings) }
        var report = CheckReport()
        report.architecture = architecture.value
        var findings: [Finding] = []
        if let value = architecture.value {
            findings += value.findings(tools: sheets.tools, profiles: profiles?.value, brief: brief?.value)
            // A worst case means something only where everything has its bound.
            if let brief = brief?.value, !findings.contains(where: { $0.severity == .error }) {
                report.bounds = value.bounds(for: brief, profiles: profiles?.value ?? [])
            }
        }
        findings += brief?.value?.faults(tools: sheets.tools) ?? []
        findings += (profiles?.value ?? []).flatMap { $0.findings(at: ["profiles", .name($0.name.rawValue)]) }
        findings += settings?.value?.findings() ?? []
        let decided = settings?.value ?? CheckSettings()
        let judged = decided.judge(findings, in: architecture.value?.name ?? "")
        func located(_ one: FingerprintedFinding) -> Fault {
            switch one.finding.source {
            case .architecture: architecture.fault(one)
            case .brief: brief?.fault(one) ?? architecture.fault(one)
            case .profiles: profiles?.fault(one) ?? architecture.fault(one)
            case .settings, .plan: settings?.fault(one) ?? architecture.fault(one)
            }
        }
        let faults = judged.standing.map { (source: $0.finding.source, fault: located($0)) }
        let unread: [(Finding.Source, [Fault])] = [
            (.architecture, architecture.faults), (.brief, brief?.faults ?? []),
            (.profiles, profiles?.faults ?? []), (.settings, settings?.faults ?? []),
        ]
        for (source, own) in unread {
            let found = faults.filter { $0.source == source }.map(\.fault)
            report.faults += (own + found).inOrder
        }
        report.accepted = judged.accepted.map { .init(fault: located($0.finding), reason: $0.reason) }
        let record = CheckRecord(settings: decided, judged: judged)
        report.record = record.isEmpty ? nil : record
        return report
    }

    /// Reads what was decided about rules and findings.
    ///
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readCheckSettings(bytes: [UInt8], file: String) throws(DeclarationError) -> CheckSettings {
        let faults = FaultList(file: file)
        let value = read(bytes, .checkSettings, faults) { settings in
            settings.findings().filter { $0.severity == .error }
        }
        return try faults.finish(value)
    }
}

/// One file that was read, with the tree in which findings have their places.
private struct Parsed<Value> {
    let file: String
    var root: Node?
    var value: Value?
    /// Why it cannot be read.
    var faults: [Fault] = []

    init(_ sheet: Sheets.Sheet, _ shape: Shape<Value>) {
        file = sheet.file
        let list = FaultList(file: file)
        if let source = SourceText(bytes: sheet.bytes, faults: list) { read(source.text, of: source, shape, list) }
        finish(list)
    }

    private mutating func read(_ text: String, of source: SourceText, _ shape: Shape<Value>, _ list: FaultList) {
        root = YAMLReader(faults: list, source: source).read(text)
        value = root.flatMap { shape.read($0, list) }
    }

    private mutating func finish(_ list: FaultList) {
        faults = list.faults.inOrder
        // Rules on what is half read would blame the author for what the reader left out.
        if !faults.isEmpty { value = nil }
        if faults.isEmpty, value == nil { faults = (try? list.finish(value)) == nil ? list.faults : [] }
    }

    /// A finding at its place.
    func fault(_ one: FingerprintedFinding) -> Fault {
        let mark = root?.mark(of: one.finding.path) ?? .start
        return Fault(one.finding, at: mark, of: file, fingerprint: one.fingerprint)
    }
}

extension Parsed where Value == Brief {
    /// Reads a brief: a head of YAML, and the document below it.
    static func brief(_ sheet: Sheets.Sheet) -> Parsed {
        var parsed = Parsed(file: sheet.file)
        let list = FaultList(file: sheet.file)
        if let source = SourceText(bytes: sheet.bytes, faults: list), let parts = BriefParts(source, faults: list) {
            parsed.read(parts.head, of: source, .brief(document: parts.document), list)
        }
        parsed.finish(list)
        return parsed
    }

    private init(file: String) { self.file = file }
}
