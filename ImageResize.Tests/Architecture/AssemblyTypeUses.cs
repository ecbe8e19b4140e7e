using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ImageResize.Tests.Architecture;

/// <summary>
/// Reads which types the types of an assembly use: in base types, interfaces, constraints, attributes, signatures, local variables, catch
/// clauses and method bodies. Constants are not seen, because the compiler copies their values.
/// </summary>
internal sealed class AssemblyTypeUses : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;

    private AssemblyTypeUses(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _names = new TypeNames(_metadata);
    }

    public static IReadOnlyCollection<TypeUse> Read(string path)
    {
        using var assembly = new AssemblyTypeUses(path);
        return assembly._metadata.TypeDefinitions.SelectMany(assembly.ReadType).Where(use => use.From != use.To).ToHashSet();
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<TypeUse> ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var from = _names.OfDefinition(handle);
        IEnumerable<TypeName> used =
        [
            .. OfHandle(type.BaseType),
            .. type.GetInterfaceImplementations().SelectMany(item => OfHandle(_metadata.GetInterfaceImplementation(item).Interface)),
            .. OfConstraints(type.GetGenericParameters()),
            .. OfAttributes(type.GetCustomAttributes()),
            .. type.GetFields().Select(_metadata.GetFieldDefinition)
                .SelectMany(field => field.DecodeSignature(_names, null).Concat(OfAttributes(field.GetCustomAttributes()))),
            .. type.GetProperties().SelectMany(item => OfAttributes(_metadata.GetPropertyDefinition(item).GetCustomAttributes())),
            .. type.GetMethods().SelectMany(item => OfMethod(_metadata.GetMethodDefinition(item))),
        ];
        return used.Select(to => new TypeUse(from, to));
    }

    private IEnumerable<TypeName> OfMethod(MethodDefinition method) =>
    [
        .. OfSignature(method.DecodeSignature(_names, null)),
        .. OfConstraints(method.GetGenericParameters()),
        .. OfAttributes(method.GetCustomAttributes()),
        .. method.GetParameters().SelectMany(item => OfAttributes(_metadata.GetParameter(item).GetCustomAttributes())),
        .. method.RelativeVirtualAddress == 0 ? [] : OfBody(_file.GetMethodBody(method.RelativeVirtualAddress)),
    ];

    private IEnumerable<TypeName> OfBody(MethodBodyBlock body) =>
    [
        .. body.LocalSignature.IsNil ? [] : _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null)
            .SelectMany(types => types),
        .. body.ExceptionRegions.SelectMany(region => OfHandle(region.CatchType)),
        .. InstructionTokens.Read(body.GetILBytes()!).SelectMany(token => OfHandle(MetadataTokens.EntityHandle(token))),
    ];

    private IEnumerable<TypeName> OfHandle(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return [];
        }

        return handle.Kind switch
        {
            HandleKind.TypeDefinition => [_names.OfDefinition((TypeDefinitionHandle)handle)],
            HandleKind.TypeReference => [_names.OfReference((TypeReferenceHandle)handle)],
            HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null),
            HandleKind.MethodDefinition =>
                [_names.OfDefinition(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType())],
            HandleKind.FieldDefinition =>
                [_names.OfDefinition(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType())],
            HandleKind.MemberReference => OfMember(_metadata.GetMemberReference((MemberReferenceHandle)handle)),
            HandleKind.MethodSpecification => OfGenericCall(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
            _ => [],
        };
    }

    private IEnumerable<TypeName> OfMember(MemberReference member) => member.GetKind() == MemberReferenceKind.Field
        ? [.. OfHandle(member.Parent), .. member.DecodeFieldSignature(_names, null)]
        : [.. OfHandle(member.Parent), .. OfSignature(member.DecodeMethodSignature(_names, null))];

    private IEnumerable<TypeName> OfGenericCall(MethodSpecification call) =>
        [.. OfHandle(call.Method), .. call.DecodeSignature(_names, null).SelectMany(types => types)];

    private IEnumerable<TypeName> OfAttributes(CustomAttributeHandleCollection attributes) =>
        attributes.SelectMany(item => OfHandle(_metadata.GetCustomAttribute(item).Constructor));

    private IEnumerable<TypeName> OfConstraints(GenericParameterHandleCollection parameters) =>
        parameters.SelectMany(item => _metadata.GetGenericParameter(item).GetConstraints())
            .SelectMany(item => OfHandle(_metadata.GetGenericParameterConstraint(item).Type));

    private static IEnumerable<TypeName> OfSignature(MethodSignature<ImmutableArray<TypeName>> signature) =>
        signature.ParameterTypes.Prepend(signature.ReturnType).SelectMany(types => types);
}
