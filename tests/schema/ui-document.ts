/** Everything there is to ask. */
const field = `name label help kind type nullable widget widgetProps placeholder required creatable updatable bulkEditable searchable sortField groupField summable
  operators { key label kind list }
  constraints { minLength maxLength maxItems pattern patternMessage min max scale unique }
  default section options { value label help color } transitions { from to mutation } reference { resource objectField }`;

export const uiDocument = `{
  uiSchema {
    viewer { actor name role may }
    resources {
      name key label labelPlural description icon { name nodes } nav { group order } titleField subtitleField softDelete deletionUndoable searchable history
      pageSize maxPageSize
      fields { ${field} }
      columns { field align visible priority }
      sections { key label }
      relations { name label description resource connectionField foreignKey embedded creatable }
      actions { name label description icon { name nodes } mutation fields { ${field} } confirm when { field in } }
      views { key label where orderBy }
      board { field sumField cardFields }
      operations {
        list summary get create update delete restore destroy upsert createMany updateMany deleteMany
        whereType orderByType createInput updateInput
      }
    }
  }
}`;
