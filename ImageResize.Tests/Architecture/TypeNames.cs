using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace ImageResize.Tests.Architecture;

/// <summary>Decodes a signature to the names of all types in it, those of generic arguments and elements included.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<TypeName>, object?>
{
    public TypeName OfDefinition(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType().IsNil
            ? new(metadata.GetString(type.Namespace), metadata.GetString(type.Name))
            : OfDefinition(type.GetDeclaringType());
    }

    public TypeName OfReference(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? OfReference((TypeReferenceHandle)type.ResolutionScope)
            : new(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    public ImmutableArray<TypeName> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        [OfDefinition(handle)];

    public ImmutableArray<TypeName> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        [OfReference(handle)];

    public ImmutableArray<TypeName> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ImmutableArray<TypeName> GetFunctionPointerType(MethodSignature<ImmutableArray<TypeName>> signature) =>
        [.. signature.ParameterTypes.Prepend(signature.ReturnType).SelectMany(types => types)];

    public ImmutableArray<TypeName> GetGenericInstantiation(
        ImmutableArray<TypeName> genericType, ImmutableArray<ImmutableArray<TypeName>> typeArguments) =>
        [.. genericType, .. typeArguments.SelectMany(types => types)];

    public ImmutableArray<TypeName> GetModifiedType(
        ImmutableArray<TypeName> modifier, ImmutableArray<TypeName> unmodifiedType, bool isRequired) =>
        [.. modifier, .. unmodifiedType];

    public ImmutableArray<TypeName> GetArrayType(ImmutableArray<TypeName> elementType, ArrayShape shape) => elementType;

    public ImmutableArray<TypeName> GetSZArrayType(ImmutableArray<TypeName> elementType) => elementType;

    public ImmutableArray<TypeName> GetByReferenceType(ImmutableArray<TypeName> elementType) => elementType;

    public ImmutableArray<TypeName> GetPointerType(ImmutableArray<TypeName> elementType) => elementType;

    public ImmutableArray<TypeName> GetPinnedType(ImmutableArray<TypeName> elementType) => elementType;

    public ImmutableArray<TypeName> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public ImmutableArray<TypeName> GetGenericMethodParameter(object? genericContext, int index) => [];

    public ImmutableArray<TypeName> GetGenericTypeParameter(object? genericContext, int index) => [];
}
