#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <tenure/core/error.hpp>

/// An expected error is matched on its type, its code and its words.
#define EXPECT_FAULT(statement, Type, fault_code, words)                                \
  do {                                                                                  \
    try {                                                                               \
      static_cast<void>(statement);                                                     \
      ADD_FAILURE() << #statement << " was accepted; expected " << (fault_code);        \
    } catch (const Type& fault_) {                                                      \
      EXPECT_EQ(fault_.code(), (fault_code)) << fault_.what();                          \
      EXPECT_THAT(std::string(fault_.what()), ::testing::HasSubstr(words));             \
    } catch (const std::exception& other_) {                                            \
      ADD_FAILURE() << #statement << " threw another kind of error: " << other_.what(); \
    }                                                                                   \
  } while (false)
