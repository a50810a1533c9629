#pragma once

// Rows as JSON, which export and import speak too.
#include "app/interop/row_json.h"
