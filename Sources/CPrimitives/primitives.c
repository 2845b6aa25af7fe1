#include "cprimitives.h"
