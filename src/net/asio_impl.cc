// The one file with the bodies of Asio (BOOST_ASIO_SEPARATE_COMPILATION) and Beast
// (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
