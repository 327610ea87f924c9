// A small C face over oneDNN.
#pragma once
