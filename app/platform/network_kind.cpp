#include "app/platform/network_kind.h"

#include <QNetworkInformation>

namespace tend {

NetworkKind::NetworkKind(QObject *parent)
    : QObject(parent)
{
    using Feature = QNetworkInformation::Feature;
    const bool knows
        = QNetworkInformation::loadBackendByFeatures(Feature::Metered | Feature::TransportMedium)
        || QNetworkInformation::loadBackendByFeatures(Feature::TransportMedium)
        || QNetworkInformation::loadBackendByFeatures(Feature::Metered);
    if (!knows)
        return;
    const QNetworkInformation *network = QNetworkInformation::instance();
    connect(network, &QNetworkInformation::isMeteredChanged, this, &NetworkKind::changed);
    connect(network, &QNetworkInformation::transportMediumChanged, this, &NetworkKind::changed);
}

bool NetworkKind::isDear() const
{
    const QNetworkInformation *network = QNetworkInformation::instance();
    return network != nullptr
        && (network->isMetered()
            || network->transportMedium() == QNetworkInformation::TransportMedium::Cellular);
}

}  // namespace tend
