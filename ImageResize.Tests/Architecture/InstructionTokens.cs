using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace ImageResize.Tests.Architecture;

/// <summary>Reads the metadata tokens that the instructions of a method body name (ECMA-335, partition III).</summary>
internal static class InstructionTokens
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    public static IEnumerable<int> Read(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var operand = Operands[code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at]];
            at += code[at] == 0xFE ? 2 : 1;
            if (operand is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            }

            at += Size(operand, code, at);
        }
    }

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
        _ => 4,
    };
}
