using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>
/// The kernel's filter of system calls (https://docs.kernel.org/userspace-api/seccomp_filter.html): those of
/// <see cref="SystemCallRules"/> fail, and those of later kernels do not exist.
/// </summary>
internal static unsafe class SeccompFilter
{
    private const int SetFilter = 1;
    private const int GetActionAvailable = 2;

    /// <summary>All threads, and without the protection against speculation that older kernels add, which slows everything.</summary>
    private const int AllThreads = 1;
    private const int AllowSpeculation = 4;

    private const uint Allow = 0x7FFF0000;
    private const uint Fail = 0x00050000;
    private const uint KillProcess = 0x80000000;

    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfGreaterOrEqual = 0x35;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    // Positions in the data that a filter sees.
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint ArgumentsAt = 16;

    private const uint NotImplemented = 38;

    public static bool IsAvailable()
    {
        var action = Fail;

        return SystemCall.Invoke(SystemCall.Seccomp, GetActionAvailable, null, (nint)(&action), 0) == 0;
    }

    /// <exception cref="IOException">The kernel refuses it.</exception>
    public static void Install()
    {
        var program = Write().ToArray();
        fixed (Instruction* first = program)
        {
            var filter = new Program { Length = (ushort)program.Length, First = first };
            SystemCall.Check(SystemCall.Invoke(
                SystemCall.Seccomp, SetFilter, (void*)(AllThreads | AllowSpeculation), (nint)(&filter), 0), "seccomp");
        }
    }

    private static List<Instruction> Write()
    {
        var code = new List<Instruction>
        {
            new(Load, ArchitectureAt),
            new(JumpIfEqual, SystemCall.Architecture!.Value, IfTrue: 1),
            new(Return, KillProcess),
            new(Load, NumberAt),
            new(JumpIfGreaterOrEqual, SystemCallRules.FirstUnknown, IfFalse: 1),
            new(Return, Fail | NotImplemented),
        };
        foreach (var rule in SystemCallRules.All)
        {
            var number = SystemCall.IsX64 ? rule.X64 : rule.Arm64;
            if (number >= 0)
            {
                var then = Write(rule);
                code.Add(new Instruction(JumpIfEqual, (uint)number, IfFalse: (byte)then.Count));
                code.AddRange(then);
            }
        }

        code.Add(new Instruction(Return, Allow));
        return code;
    }

    /// <summary>What follows if the number is that of the rule.</summary>
    private static List<Instruction> Write(SystemCallRule rule)
    {
        var fails = new Instruction(Return, Fail | rule.Error);
        var allows = new Instruction(Return, Allow);
        var load = new Instruction(Load, ArgumentsAt + (8 * (uint)rule.Argument));

        return rule.Fails switch
        {
            Fails.Always => [fails],
            Fails.IfEqual => [load, new(JumpIfEqual, rule.Value, IfFalse: 1), fails, allows],
            Fails.IfNotEqual => [load, new(JumpIfEqual, rule.Value, IfTrue: 1), fails, allows],
            Fails.IfAnyBit => [load, new(JumpIfAnyBit, rule.Value, IfFalse: 1), fails, allows],
            Fails.IfNoBit => [load, new(JumpIfAnyBit, rule.Value, IfTrue: 1), fails, allows],
            _ => // Both halves of a pointer.
            [
                load, new(JumpIfEqual, 0, IfTrue: 1), fails,
                load with { Value = load.Value + 4 }, new(JumpIfEqual, 0, IfTrue: 1), fails, allows,
            ],
        };
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
    {
        public Instruction(ushort Code, uint Value, byte IfTrue = 0, byte IfFalse = 0)
            : this(Code, IfTrue, IfFalse, Value)
        {
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* First;
    }
}
