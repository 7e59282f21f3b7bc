/* SPDX-License-Identifier: MIT
 * What kim-api looks for in a shared library: SharedLibrarySchemaV2 of its KIM_SharedLibrarySchema.hpp, as plain data. */
#include <stddef.h>

void mof_kim_driver_create(void);

int kim_shared_library_schema_version = 2;

struct {
  int item_type;   /* KIM::COLLECTION_ITEM_TYPE::modelDriver */
  const char *item_name;
  int create_language; /* KIM::LANGUAGE_NAME::c */
  void (*create_routine)(void);
  const char *driver_name;
  const void *simulator_model_specification;
  int parameter_file_count;
  const void *parameter_files;
  int metadata_file_count;
  const void *metadata_files;
} kim_shared_library_schema = {0, "MofInterop", 1, mof_kim_driver_create, NULL, NULL, 0, NULL, 0, NULL};
